import type { Database } from '../storage/database'

/** The newest of something, by the id of what it is of: told from memory, written in batches. */
export interface Newest<T> {
  note(id: string, value: T): void
  /** Null where nothing is known. */
  of(id: string): T | null
  forget(id: string): void
}

/** How a table keeps them: a row each, whose primary key is `key`. */
interface Table<T> {
  name: string
  key: string
  /** What a row holds beside its key, in the order of `toRow`. */
  columns: readonly string[]
  toRow: (value: T) => readonly (string | number | null)[]
  /** Null for what is passed over. */
  fromRow: (row: unknown) => { id: string; value: T } | null
}

/** `write` is called within the batch's transaction, and what it returns once that has been committed. */
export function createNewest<T>(
  database: Database,
  { name, key, columns, toRow, fromRow }: Table<T>,
  touch: () => void,
): { newest: Newest<T>; write: () => () => void } {
  const known = new Map<string, T>()
  for (const found of database.prepare(`SELECT * FROM ${name}`).all()) {
    const row = fromRow(found)
    if (row) known.set(row.id, row.value)
  }
  const places = ['?', ...columns.map(() => '?')].join(', ')
  const save = database.prepare(`INSERT OR REPLACE INTO ${name} (${[key, ...columns].join(', ')}) VALUES (${places})`)
  const remove = database.prepare(`DELETE FROM ${name} WHERE ${key} = ?`)
  const waiting = new Set<string>()
  const changed = (id: string) => {
    waiting.add(id)
    touch()
  }
  return {
    newest: {
      note(id, value) {
        known.set(id, value)
        changed(id)
      },
      of: (id) => known.get(id) ?? null,
      forget(id) {
        if (known.delete(id)) changed(id)
      },
    },
    write() {
      const written = [...waiting]
      for (const id of written) {
        const value = known.get(id)
        if (value === undefined) remove.run(id)
        else save.run(id, ...toRow(value))
      }
      return () => {
        for (const id of written) waiting.delete(id)
      }
    },
  }
}
