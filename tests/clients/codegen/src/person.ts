import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core'

import { graphql } from './gql'

export const NAME_OF = graphql(`
  query NameOf($email: String!) {
    person(identifier: { kind: "email", value: $email }) {
      person_id
      golden_record { first_name last_name birth_date }
    }
  }
`)

export const TRACK = graphql(`
  mutation Track($input: TrackInput!) {
    track(input: $input, source: "web") {
      person_id
      error { code message }
    }
  }
`)

/** How somebody is called, or null: nobody is known by that address. */
export function nameOf({ person }: ResultOf<typeof NAME_OF>): string | null {
  if (!person) return null
  return [person.golden_record.first_name, person.golden_record.last_name].filter(Boolean).join(' ')
}

export const tracked: VariablesOf<typeof TRACK> = {
  input: { idempotency_key: 'k1', about: { user_id: 'u1' }, event: 'Wishlist Opened', occurred_at: '2026-01-01T00:00:00Z' },
}
