// What the compiler refuses; each line that it let pass would be an error of its own.
import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core'

import { NAME_OF, TRACK } from './person'

declare const answer: ResultOf<typeof NAME_OF>

// @ts-expect-error - nobody may be known by that address
export const unguarded = answer.person.person_id
// @ts-expect-error - was not asked for
export const unasked = answer.person?.golden_record.gender
// @ts-expect-error - may be unknown
export const surname: string | undefined = answer.person?.golden_record.last_name
// @ts-expect-error - is text, not a Date
export const born: Date | null | undefined = answer.person?.golden_record.birth_date
// @ts-expect-error - an input without its key
export const keyless: VariablesOf<typeof TRACK> = { input: { about: { user_id: 'u1' }, event: 'Wishlist Opened' } }
// @ts-expect-error - a variable by another name
export const misspelt: VariablesOf<typeof NAME_OF> = { mail: 'a@x.fr' }
