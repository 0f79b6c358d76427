// What both clients ask: the pages of a person's events, an error, an event that is written, and what is told of it.
import { text } from 'node:stream/consumers'

export const plan = JSON.parse(await text(process.stdin))
export const headers = { authorization: `Bearer ${plan.key}` }

export const EVENTS = `query Events($id: ID!, $after: String) { person(id: $id) { __typename id
  events(first: 2, after: $after) { __typename edges { __typename cursor node { __typename id name } }
    pageInfo { __typename hasNextPage endCursor startCursor hasPreviousPage } } } }`

export const TRACK = `mutation Track($input: TrackInput!) { track(input: $input, source: "web") {
  __typename person_id error { __typename code } } }`

export const FACTS = `subscription Facts($id: ID!) { facts_added(id: $id) { __typename
  cursor facts { __typename kind event { __typename id name } } } }`

export const tracked = (name, second) => ({
  idempotency_key: name,
  about: { user_id: 'u1' },
  event: name,
  occurred_at: `2026-01-01T00:00:0${second}Z`,
})

export const names = (connection) => connection.edges.map((edge) => edge.node.name)
