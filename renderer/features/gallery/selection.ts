import type { Generation } from '../../../shared/contract'

/** Which generations are chosen. `anchor` is where a range begins. */
export interface Selection {
  ids: ReadonlySet<string>
  anchor: string | null
}

export const nothingSelected: Selection = { ids: new Set(), anchor: null }

/** Chooses one, or takes it out. */
export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return { ids: next, anchor: id }
}

/** Chooses all from the last one that was touched to this one, in the order in which they stand. */
export function extended(selection: Selection, id: string, order: readonly string[]): Selection {
  const [from, to] = [order.indexOf(selection.anchor ?? id), order.indexOf(id)]
  if (from < 0 || to < 0) return toggled(selection, id)
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { ids: new Set([...selection.ids, ...range]), anchor: selection.anchor ?? id }
}

/** All of these. */
export const selected = (ids: readonly string[]): Selection => ({ ids: new Set(ids), anchor: ids[0] ?? null })

/** Without those. */
export const without = ({ ids, anchor }: Selection, gone: readonly string[]): Selection => {
  const next = new Set(ids)
  for (const id of gone) next.delete(id)
  return { ids: next, anchor: anchor !== null && next.has(anchor) ? anchor : null }
}

/** Those that may be changed: of what is loaded that is known, and of the rest those that are named as one's own. */
export function ownOf(
  ids: readonly string[],
  loaded: readonly Generation[],
  named: readonly string[],
  mayChange: (generation: Generation) => boolean,
): string[] {
  const known = new Map(loaded.map((one) => [one.id, mayChange(one)]))
  const own = new Set(named)
  return ids.filter((id) => known.get(id) ?? own.has(id))
}
