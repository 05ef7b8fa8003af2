import { createListeners } from '../async/listeners'
import { createSerial } from '../async/serial'
import { PeopleFile, type KeptKey, type Person } from './record'

/** Everybody and all keys, at one moment; a change makes a new one. */
export interface Everybody {
  people: ReadonlyMap<string, Person>
  /** By id. */
  keys: ReadonlyMap<string, KeptKey>
  formerIds: ReadonlySet<string>
}

/** What a change makes of everybody, and what is answered. */
export interface Change<T> {
  next: Everybody
  /** Somebody may do less than before: then it counts before it is on disk. */
  takesAway: boolean
  answer: T
}

/** Where the book is kept. */
export interface BookFile {
  /** What it holds at the start; null where there is none. */
  content: Buffer | null
  /** Replaces it whole or not at all. Throws the file system's error. */
  write: (text: string) => Promise<void>
}

/** `people.json`, held in memory whole: nobody but this panel writes the folder. */
export interface Book {
  /** Null where the file cannot be understood: then nobody is let in by it, and it stays as it is. */
  read(): Everybody | null
  /** Whether there was no file, and it could not be told whom it begins with. */
  isUnbegun: boolean
  /** The key of a hash, in the time of one look-up. */
  byHash(hash: string): KeptKey | null
  /**
   * Changes everybody, one change after the other. `make` throws to refuse. Resolves when it is on disk; where that
   * fails it throws the file system's error: what takes something away counts all the same, and is written with
   * the next change or `settle`.
   */
  change<T>(make: (now: Everybody) => Change<T> | Promise<Change<T>>): Promise<T>
  /** Writes what could not be written before. */
  settle(): Promise<void>
  /** Calls back after a change by which somebody may do less. Returns the undo. */
  onShrink: (listener: () => void) => () => void
}

export const toFile = ({ people, keys, formerIds }: Everybody): PeopleFile => ({
  people: [...people.values()],
  keys: [...keys.values()],
  formerIds: [...formerIds],
})

/** A line a record, so that a person can find and change one. */
export function textOf(file: PeopleFile): string {
  const lines = (records: readonly unknown[]) => records.map((record) => `\n${JSON.stringify(record)}`).join(',')
  const lists = Object.entries(file).map(([name, records]) => `${JSON.stringify(name)}:[${lines(records)}]`)
  return `{${lists.join(',\n')}}\n`
}

const byId = <T extends { id: string }>(all: readonly T[]) => new Map(all.map((one) => [one.id, one]))

/** Everybody as a file has them. Null where it is not what this version writes, were it one record in it: half of the truth would open doors. */
export function understood(content: Buffer): Everybody | null {
  try {
    const { people, keys, formerIds } = PeopleFile.parse(JSON.parse(content.toString('utf8')))
    const all = { people: byId(people), keys: byId(keys), formerIds: new Set(formerIds) }
    const isTwice = all.people.size < people.length || all.keys.size < keys.length
    return isTwice || new Set(keys.map(({ hash }) => hash)).size < keys.length ? null : all
  } catch {
    return null
  }
}

/**
 * Opens the book. `first` makes those whom a folder without the file begins with; null where that cannot be told, and
 * then nothing is written.
 */
export function createBook({ content, write: writeText }: BookFile, first: () => Everybody | null): Book {
  let everybody = content === null ? first() : understood(content)
  let hashes = new Map<string, KeptKey>()
  let isOwed = false
  const inTurn = createSerial()
  const shrinking = createListeners<[]>()

  const write = async (next: Everybody) => {
    await writeText(textOf(toFile(next)))
    isOwed = false
  }
  const take = (next: Everybody) => {
    everybody = next
    hashes = new Map([...next.keys.values()].map((key) => [key.hash, key]))
  }
  if (everybody) {
    take(everybody)
    isOwed = content === null
  }

  return {
    read: () => everybody,
    isUnbegun: content === null && everybody === null,
    byHash: (hash) => hashes.get(hash) ?? null,
    change: (make) =>
      inTurn(async () => {
        if (!everybody) throw new Error('people.json was not understood')
        const { next, takesAway, answer } = await make(everybody)
        if (takesAway) {
          take(next)
          isOwed = true
          shrinking.tell()
        }
        await write(next)
        if (!takesAway) take(next)
        return answer
      }),
    settle: () =>
      inTurn(async () => {
        if (isOwed && everybody) await write(everybody)
      }),
    onShrink: shrinking.on,
  }
}
