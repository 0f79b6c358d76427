// Apollo Client: pages into its cache, a refetch, an error's code, a subscription.
//
// in:  {"url": "http://…/graphql", "key": "…"}
// out: {"pages": […], "cached": […], "refetched": […], "code": "…", "told": […]}
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { relayStylePagination } from '@apollo/client/utilities'
import { OperationTypeNode } from 'graphql'
import { createClient } from 'graphql-ws'

import { EVENTS, FACTS, TRACK, headers, names, plan, tracked } from './shared.mjs'

const sockets = createClient({ url: plan.url.replace('http', 'ws'), connectionParams: headers })
const client = new ApolloClient({
  cache: new InMemoryCache({ typePolicies: { Person: { fields: { events: relayStylePagination() } } } }),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(sockets),
    new HttpLink({ uri: plan.url, headers }),
  ),
})
const track = async (name, second) =>
  (await client.mutate({ mutation: gql(TRACK), variables: { input: tracked(name, second) } })).data.track

let id
for (const second of [1, 2, 3, 4, 5]) id = (await track(`Event ${second}`, second)).person_id

const variables = { id }
const pages = []
const watched = client.watchQuery({ query: gql(EVENTS), variables })
watched.subscribe({})
let page = (await client.query({ query: gql(EVENTS), variables })).data.person.events
pages.push(names(page))
while (page.pageInfo.hasNextPage) {
  page = (await watched.fetchMore({ variables: { after: page.pageInfo.endCursor } })).data.person.events
  pages.push(names(page))
}
const cached = names(client.readQuery({ query: gql(EVENTS), variables }).person.events)

const told = []
const heard = Promise.withResolvers()
const subscription = client.subscribe({ query: gql(FACTS), variables }).subscribe({
  next: ({ data }) => {
    told.push(data.facts_added.facts.map((fact) => fact.event.name))
    if (told.length === 1) track('Event 6', 6).catch(heard.reject)
    if (told.length === 2) heard.resolve()
  },
  error: heard.reject,
})
await heard.promise
subscription.unsubscribe()
const refetched = names((await watched.refetch()).data.person.events)

let code
try {
  await client.query({ query: gql(EVENTS), variables: { id: 'x' } })
} catch (error) {
  code = CombinedGraphQLErrors.is(error) ? error.errors[0].extensions.code : String(error)
}
await sockets.dispose()
client.stop()
console.log(JSON.stringify({ pages, cached, refetched, code, told }))
