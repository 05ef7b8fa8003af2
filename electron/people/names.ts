import { Problem } from '../../shared/problems'
import type { Everybody } from './book'

/**
 * A name as it is compared: two that read alike are one. Case, spelling of accents, width of gaps and characters that
 * nobody sees tell no names apart; letters of another alphabet do.
 */
const comparedName = (name: string): string =>
  name
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFC')
    // Both ways: ß and SS are one letter in two cases.
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(/\s+/gu, ' ')
    .trim()

/** By what somebody is meant, who signs in. */
interface Called {
  id: string
  name: string
}

/**
 * Looks whether somebody may be called so: nobody else has the name, or is meant by it. What was so already stays: `before`
 * is the same person before the change, null for who is new, whose id must be nobody's name either. Throws
 * `user.name-taken`.
 */
export function checkName({ people }: Everybody, { id, name }: Called, before: Called | null): void {
  const wanted = comparedName(name)
  if (before && comparedName(before.name) === wanted) return
  for (const other of people.values()) {
    if (other.id === id) continue
    if (other.id === wanted) throw new Problem('user.name-taken', { name: other.id })
    const theirs = comparedName(other.name)
    if (theirs === wanted || (!before && theirs === id)) throw new Problem('user.name-taken', { name: other.name })
  }
}

/** Whose the id or, where one person alone has it, the name is; null where it is nobody's, or more than one's. */
export function personCalled({ people }: Everybody, text: string): string | null {
  const id = text.trim().toLowerCase()
  if (people.has(id)) return id
  const named = comparedName(text)
  const [one, other] = [...people.values()].filter(({ name }) => comparedName(name) === named)
  return one && !other ? one.id : null
}

/** Names that more than one person has, as one of them writes it: before names had to differ it was allowed. */
export function sharedNames({ people }: Everybody): string[] {
  const seen = new Map<string, { name: string; count: number }>()
  for (const { name } of people.values()) {
    const compared = comparedName(name)
    seen.set(compared, { name, count: (seen.get(compared)?.count ?? 0) + 1 })
  }
  return [...seen.values()].flatMap(({ name, count }) => (count > 1 ? [name] : []))
}
