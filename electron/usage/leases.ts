/** Something taken until the request or the job that it was taken for has ended. */
export interface Lease {
  end(): void
}

/** Who is counted: a person with all keys and without, or what was done with some keys alone. */
export type Counted = { account: string } | { keys: readonly string[] }

/** Whether something that was done belongs to who is counted. */
export const isOf = (counted: Counted, { account, key }: { account: string; key: string | null }): boolean =>
  'account' in counted ? counted.account === account : key !== null && counted.keys.includes(key)

/** Places for jobs that are asked for and not begun yet, counted by person and by key. */
export function createLeases() {
  const held = new Set<{ account: string; key: string | null }>()
  return {
    of: (counted: Counted): number => [...held].filter((one) => isOf(counted, one)).length,
    /** Ending it twice ends it once. */
    take({ account, key }: { account: string; key: string | null }): Lease {
      const one = { account, key }
      held.add(one)
      return { end: () => void held.delete(one) }
    },
  }
}

export type Leases = ReturnType<typeof createLeases>
