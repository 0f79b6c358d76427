// urql with its normalised cache: pages into it, a refetch, an error's code, a subscription.
//
// in:  {"url": "http://…/graphql", "key": "…"}
// out: {"pages": […], "cached": […], "refetched": […], "code": "…", "told": […]}
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { createClient } from 'graphql-ws'

import { EVENTS, FACTS, TRACK, headers, names, plan, tracked } from './shared.mjs'

const sockets = createClient({ url: plan.url.replace('http', 'ws'), connectionParams: headers })
const client = new Client({
  url: plan.url,
  preferGetMethod: false,
  fetchOptions: { headers },
  exchanges: [
    cacheExchange({
      keys: { TrackResult: () => null, FactsAdded: () => null, Fact: () => null },
      resolvers: { Person: { events: relayPagination() } },
    }),
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => ({ unsubscribe: sockets.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
})
const track = async (name, second) => (await client.mutation(TRACK, { input: tracked(name, second) })).data.track

let id
for (const second of [1, 2, 3, 4, 5]) id = (await track(`Event ${second}`, second)).person_id

const pages = []
let answer = await client.query(EVENTS, { id })
let seen = 0
for (;;) {
  const all = answer.data.person.events
  pages.push(names(all).slice(seen))
  seen = all.edges.length
  if (!all.pageInfo.hasNextPage) break
  answer = await client.query(EVENTS, { id, after: all.pageInfo.endCursor })
}
const cached = names((await client.query(EVENTS, { id }, { requestPolicy: 'cache-only' })).data.person.events)

const told = []
const heard = Promise.withResolvers()
const { unsubscribe } = client.subscription(FACTS, { id }).subscribe(({ data, error }) => {
  if (error) return heard.reject(error)
  told.push(data.facts_added.facts.map((fact) => fact.event.name))
  if (told.length === 1) track('Event 6', 6).catch(heard.reject)
  if (told.length === 2) heard.resolve()
})
await heard.promise
unsubscribe()
const again = await client.query(EVENTS, { id }, { requestPolicy: 'network-only' })
const refetched = names(again.data.person.events).slice(0, 2)

const { error } = await client.query(EVENTS, { id: 'x' })
const code = error.graphQLErrors[0]?.extensions.code ?? String(error)
await sockets.dispose()
console.log(JSON.stringify({ pages, cached, refetched, code, told }))
