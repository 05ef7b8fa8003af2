import { isIPv6 } from 'node:net'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import type { ConfigStore } from '../storage/config'

/**
 * Logins that are counted apart, so that guesses at one do not close another: above all, nobody on the network can
 * close the desktop to its owner. Printed links are not counted at all: their 256 random bits cannot be guessed, and
 * they are the owner's way in when everything else is closed. `at`: guesses at one account from one address, so that
 * nobody closes it to its person elsewhere; `from`: at any account from one address; `secrets`: wrong keys and
 * invitations from one address, which close nothing to a right one.
 */
export type Login =
  | 'desktop'
  | 'admin'
  | 'user'
  | 'token'
  | 'bearer'
  | `at ${string} ${string}`
  | `from ${string}`
  | `secrets ${string}`

/** So many failures cost nothing. Scripts with a stale token are many, and their tokens are long. */
function freeFailures(login: Login): number {
  if (login === 'bearer' || login.startsWith('secrets ')) return 20
  return login.startsWith('from ') ? 50 : 5
}

/** So many logins of addresses are remembered, those of the last failures. */
const mostLogins = 1000

const longestWaitMs = 15 * 60_000

/** Failures are forgotten after a day without any. */
const forgottenAfterMs = 24 * 3600_000

const Tally = z.object({ failures: z.number(), closedUntil: z.number(), lastAt: z.number() })
type Tally = z.infer<typeof Tally>
const StoredTallies = z.record(z.string(), Tally)

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
  const write = (login: Login, tally: Tally) => {
    const all = Object.entries({ ...read(), [login]: tally }).filter(([, { failures }]) => failures > 0)
    // Those of addresses are as many as somebody likes; they put none of the others out.
    const ofAddresses = all.filter(([name]) => name.includes(' ')).sort(([, a], [, b]) => b.lastAt - a.lastAt)
    const others = all.filter(([name]) => !name.includes(' '))
    store.set('attempts', Object.fromEntries([...others, ...ofAddresses.slice(0, mostLogins)]))
  }

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
      const excess = failures - freeFailures(login)
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

/** Where guesses come from: of IPv6 the first half, because whoever has one address has all that begin so. */
export function sourceOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail = ''] = plain.toLowerCase().split('::')
  const groups = (part: string) => part.split(':').filter((group) => group !== '')
  const left = groups(head)
  const missing = plain.includes('::') ? Math.max(0, 8 - left.length - groups(tail).length) : 0
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...groups(tail)]
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
