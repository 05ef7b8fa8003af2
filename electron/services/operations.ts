import type { Operation } from '../../shared/contract'
import { Problem } from '../../shared/problems'

/** A service that one claimant has for himself over several operations. */
export interface Claim {
  /** Begins an operation as the claimant; it must take the lock before it waits for anything. */
  through: <T>(begin: () => T) => T
  release: () => void
}

/** Who has a service for himself, if anybody: everybody else is refused with what he says. */
function createClaims() {
  let claimed: (() => Problem) | null = null
  let isClaimant = false
  return {
    assertUnclaimed() {
      if (claimed !== null && !isClaimant) throw claimed()
    },
    take(why: () => Problem): Claim {
      claimed = why
      return {
        through(begin) {
          isClaimant = true
          try {
            return begin()
          } finally {
            isClaimant = false
          }
        },
        release() {
          if (claimed === why) claimed = null
        },
      }
    },
  }
}

/** The lock of one service: one operation at a time, and a second refused by the first one's name. */
export function createOperations({ id, onChange }: { id: string; onChange: () => void }) {
  let current: Operation | null = null
  let endedAt: number | null = null
  let settled: Promise<unknown> = Promise.resolve()
  let cancelling = new AbortController()
  const claims = createClaims()
  const assertNone = () => {
    claims.assertUnclaimed()
    if (current !== null) throw new Problem('service.busy', { id, operation: current })
  }

  return {
    /** What is being done now. */
    current: () => current,
    /** When the last operation ended (Unix ms); `null` if there was none. */
    endedAt: () => endedAt,
    /** Throws a Problem while something is being done, or somebody has it for himself. */
    assertNone,
    /** Throws the claimant's Problem. */
    assertUnclaimed: () => claims.assertUnclaimed(),
    /**
     * Keeps it for one claimant, who does several things in a row: everybody else is refused with `why`. Throws a
     * Problem while something is being done, or another one has it.
     */
    claim(why: () => Problem): Claim {
      assertNone()
      return claims.take(why)
    },

    /** Does one operation; `work` gets a signal by which it may be cancelled. Throws what `work` throws. */
    async run(name: Operation, work: (cancelled: AbortSignal) => Promise<void>): Promise<void> {
      assertNone()
      current = name
      cancelling = new AbortController()
      const done = work(cancelling.signal).finally(() => {
        current = null
        endedAt = Date.now()
        onChange()
      })
      // Whoever began it is told of its failure.
      settled = done.catch(() => undefined)
      onChange()
      await done
    },

    /** Cancels what is being done, if it can be, and resolves when it has ended, one way or the other. */
    async cancel(): Promise<void> {
      cancelling.abort()
      await settled
    },
  }
}

export type Operations = ReturnType<typeof createOperations>
