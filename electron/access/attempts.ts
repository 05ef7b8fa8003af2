import * as z from 'zod'
import { Problem } from '../../shared/problems'
import type { ConfigStore } from '../storage/config'

/**
 * Logins that are counted apart, so that guesses at one do not close another: above all, nobody on the network can
 * close the desktop to its owner. Printed links are not counted at all: their 256 random bits cannot be guessed, and
 * they are the owner's way in when everything else is closed.
 */
export type Login = 'desktop' | 'admin' | 'user' | 'token' | 'bearer'

/** So many failures cost nothing. Scripts with a stale token are many, and their tokens are long. */
const freeFailures: Record<Login, number> = { desktop: 5, admin: 5, user: 5, token: 5, bearer: 20 }
const longestWaitMs = 15 * 60_000

/** Failures are forgotten after a day without any. */
const forgottenAfterMs = 24 * 3600_000

const Tally = z.object({ failures: z.number(), closedUntil: z.number(), lastAt: z.number() })
type Tally = z.infer<typeof Tally>
const StoredTallies = z.partialRecord(z.enum(['desktop', 'admin', 'user', 'token', 'bearer']), Tally)

const nothing: Tally = { failures: 0, closedUntil: 0, lastAt: 0 }

export interface Attempts {
  /**
   * Counts an attempt as failed before it is looked at, so that many at the same moment are many. Throws
   * `session.too-many` while the login is closed; such an attempt is not looked at and not counted.
   */
  begin(login: Login): void
  /** The attempt was right: everything before it is forgiven. */
  succeed(login: Login): void
  /** Throws `session.too-many` while the login is closed. */
  check(login: Login): void
}

/** Counts failed logins, and closes a login for a time that doubles. Kept in `store`: a restart opens nothing. */
export function createAttempts(options: { store: ConfigStore; wall?: () => number; steady?: () => number }): Attempts {
  const { store, wall = Date.now, steady = () => performance.now() } = options
  /** The same end on the steady clock: setting the wall clock forward opens nothing while the panel runs. */
  const steadyEnds = new Map<Login, number>()

  const read = () => {
    const parsed = StoredTallies.safeParse(store.get('attempts'))
    return parsed.success ? parsed.data : {}
  }
  const write = (login: Login, tally: Tally) => store.set('attempts', { ...read(), [login]: tally })

  /** How long a login stays closed, in ms. */
  const waitOf = (login: Login): number => {
    const tally = read()[login] ?? nothing
    const byWall = tally.closedUntil - wall()
    if (byWall > longestWaitMs) {
      // The wall clock was set back: it opens nothing, and does not close the door for longer than ever intended.
      write(login, { ...tally, closedUntil: wall() + longestWaitMs })
      return longestWaitMs
    }
    return Math.max(0, byWall, (steadyEnds.get(login) ?? 0) - steady())
  }
  const check = (login: Login) => {
    const waitMs = waitOf(login)
    if (waitMs > 0) throw new Problem('session.too-many', { seconds: Math.ceil(waitMs / 1000) })
  }

  return {
    check,
    begin(login) {
      check(login)
      const before = read()[login] ?? nothing
      const failures = (wall() - before.lastAt > forgottenAfterMs ? 0 : before.failures) + 1
      const excess = failures - freeFailures[login]
      const waitMs = excess > 0 ? Math.min(longestWaitMs, 1000 * 2 ** excess) : 0
      steadyEnds.set(login, steady() + waitMs)
      write(login, { failures, closedUntil: waitMs > 0 ? wall() + waitMs : 0, lastAt: wall() })
    },
    succeed(login) {
      steadyEnds.delete(login)
      write(login, nothing)
    },
  }
}
