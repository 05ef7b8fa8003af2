import { Problem } from '../../shared/problems'

/** So much of bodies and answers that are read whole, and of messages that wait, is held at once, in bytes: in all, and of one person. */
export interface MostHeld {
  all: number
  each: number
}

/** One person's share takes the largest body that any kind reads whole, and its answer. */
const usual: MostHeld = { all: 256 * 2 ** 20, each: 112 * 2 ** 20 }

/** What one request or socket holds. */
export interface HeldBytes {
  /** Throws `gateway.held-by-you` where the person, `gateway.held-by-all` where all together would hold too much. */
  take(bytes: number): void
  /** Gives so much of it back. */
  give(bytes: number): void
  /** Gives all of it back. */
  free(): void
}

/** Counts what is held of bodies, answers and messages, whatever listener they came through. */
export function createHeldBytes(most: MostHeld = usual) {
  const byPerson = new Map<string, number>()
  let all = 0
  return {
    of(account: string): HeldBytes {
      let mine = 0
      const give = (bytes: number) => {
        const given = Math.min(bytes, mine)
        if (given === 0) return
        const left = (byPerson.get(account) ?? 0) - given
        if (left > 0) byPerson.set(account, left)
        else byPerson.delete(account)
        all -= given
        mine -= given
      }
      return {
        take(bytes) {
          const theirs = (byPerson.get(account) ?? 0) + bytes
          if (theirs > most.each) throw new Problem('gateway.held-by-you')
          if (all + bytes > most.all) throw new Problem('gateway.held-by-all')
          byPerson.set(account, theirs)
          all += bytes
          mine += bytes
        },
        give,
        free: () => give(mine),
      }
    },
    /** What is held now, in bytes. */
    held: (): number => all,
  }
}

export type AllHeldBytes = ReturnType<typeof createHeldBytes>
