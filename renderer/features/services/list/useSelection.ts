import { useState } from 'react'

/** What is chosen in a list, by id. */
export interface Selection {
  has: (id: string) => boolean
  /** In the order of the list; what the list no longer shows is chosen no more. */
  ids: readonly string[]
  /** Chooses one, or gives it up; with `extend` all from the last one that was touched to it. */
  toggle: (id: string, extend?: boolean) => void
  all: () => void
  clear: () => void
  /** Chooses these and no others. */
  set: (ids: readonly string[]) => void
}

/** The ids of a list from one to another, both included, whichever comes first. */
export function rangeOf(shown: readonly string[], from: string | null, to: string): string[] {
  const at = shown.indexOf(to)
  const begin = from === null ? -1 : shown.indexOf(from)
  return begin === -1 ? [to] : shown.slice(Math.min(begin, at), Math.max(begin, at) + 1)
}

/** What is chosen among the ids that a list shows. */
export function useSelection(shown: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [last, setLast] = useState<string | null>(null)
  return {
    has: (id) => chosen.has(id),
    ids: shown.filter((id) => chosen.has(id)),
    toggle(id, extend = false) {
      const range = extend ? rangeOf(shown, last, id) : [id]
      const isAdding = extend || !chosen.has(id)
      setChosen(isAdding ? new Set([...chosen, ...range]) : new Set([...chosen].filter((one) => one !== id)))
      setLast(id)
    },
    all: () => setChosen(new Set(shown)),
    clear: () => setChosen(new Set()),
    set: (ids) => setChosen(new Set(ids)),
  }
}
