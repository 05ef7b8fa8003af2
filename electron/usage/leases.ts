/** Something taken until the request or the job that it was taken for has ended. */
export interface Lease {
  end(): void
}

/** Places for jobs that are asked for and not begun yet, counted by person. */
export function createLeases() {
  const held = new Map<string, number>()
  return {
    of: (account: string): number => held.get(account) ?? 0,
    /** Ending it twice ends it once. */
    take(account: string): Lease {
      held.set(account, (held.get(account) ?? 0) + 1)
      let isHeld = true
      return {
        end() {
          if (!isHeld) return
          isHeld = false
          const left = (held.get(account) ?? 1) - 1
          if (left > 0) held.set(account, left)
          else held.delete(account)
        },
      }
    },
  }
}

export type Leases = ReturnType<typeof createLeases>
