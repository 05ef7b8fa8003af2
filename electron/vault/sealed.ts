import type * as z from 'zod'

/** What a vault holds: anything with an id. The rest of it is its owner's concern. */
export interface Sealed {
  id: string
}

/** What a vault must know of its records. */
export interface RecordKind<R extends Sealed> {
  /** Reads what was sealed, by this version or an earlier one. */
  schema: z.ZodType<R>
  /** Every string in a record that must never be shown. */
  secretsOf: (record: R) => string[]
}
