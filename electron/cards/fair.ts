/**
 * An order that is fair by person, not by request: everybody's next request is as near as everybody else's, however many
 * somebody has in line (start-time fair queueing). Each request of a person stands one round after the one before.
 */
export interface Rounds {
  /** A request of the person waits from now on. */
  enter(person: string): void
  /** One of the person's gave up waiting. */
  leave(person: string): void
  /** One of the person's that waited was served. */
  serve(person: string): void
  /** The round of a request of the person that comes after so many others of theirs that wait too. */
  of(person: string, others: number): number
}

/** So many people are remembered who ask for nothing; whoever is forgotten begins again with the present round. */
const mostPeople = 4096

export function createRounds(): Rounds {
  /** The round that was served last: nobody saves up rounds while he asks for nothing. */
  let now = 0
  /** The round of each person's next request, and how many of theirs wait. While they wait it stays as it is. */
  const people = new Map<string, { next: number; waiting: number }>()
  const of = (person: string) => people.get(person) ?? { next: now, waiting: 0 }
  const keep = (person: string, { next, waiting }: { next: number; waiting: number }) => {
    people.delete(person)
    people.set(person, { next, waiting: Math.max(0, waiting) })
    if (people.size <= mostPeople) return
    for (const [other, { waiting: count }] of people) if (count === 0) return void people.delete(other)
  }
  return {
    enter(person) {
      const { next, waiting } = of(person)
      keep(person, { next: waiting === 0 ? Math.max(now, next) : next, waiting: waiting + 1 })
    },
    leave(person) {
      const { next, waiting } = of(person)
      keep(person, { next, waiting: waiting - 1 })
    },
    serve(person) {
      const { next, waiting } = of(person)
      now = Math.max(now, next)
      keep(person, { next: next + 1, waiting: waiting - 1 })
    },
    of: (person, others) => of(person).next + others,
  }
}

interface Asked {
  id: number
  person: string
}

/** Those who wait, in the order in which they are served. Of one person, and of one round, who came first goes first. */
export function inFairOrder<T extends Asked>(waiting: readonly T[], rounds: Pick<Rounds, 'of'>): T[] {
  const seen = new Map<string, number>()
  const placed = [...waiting]
    .sort((one, other) => one.id - other.id)
    .map((asked) => {
      const others = seen.get(asked.person) ?? 0
      seen.set(asked.person, others + 1)
      return { asked, round: rounds.of(asked.person, others) }
    })
  return placed.sort((one, other) => one.round - other.round || one.asked.id - other.asked.id).map(({ asked }) => asked)
}
