import type { Key, KeyUse, User } from '../../../shared/contract'
import { search } from '../../ui/find'
import { keyRows, lastUse } from '../keys/rows'

/** A person as the list has them. */
export interface PersonLine {
  user: User
  /** How many keys open something. */
  keys: number
  /** Whether a key was rotated and the old one still opens. */
  isRotating: boolean
  lastUsed: KeyUse | null
  /** What they are also found by: names of keys, addresses. */
  words: string
}

export const peopleFilters = ['all', 'admin', 'user', 'invited'] as const
export type PeopleFilter = (typeof peopleFilters)[number]

/** Everybody with what their keys tell, by name; whoever has not come yet stands last. */
export function personLines(users: readonly User[], keys: readonly Key[]): PersonLine[] {
  const byUser = new Map<string, Key[]>()
  for (const key of keys) byUser.set(key.userId, [...(byUser.get(key.userId) ?? []), key])
  return users
    .map((user): PersonLine => {
      const own = byUser.get(user.id) ?? []
      const rows = keyRows(own)
      return {
        user,
        keys: rows.length,
        isRotating: rows.some(({ old }) => old !== null),
        lastUsed: lastUse(own),
        words: [user.id, ...rows.flatMap(({ key }) => [key.name, key.lastUsed?.from ?? ''])].join(' '),
      }
    })
    .sort((a, b) => Number(isAwaited(a.user)) - Number(isAwaited(b.user)) || collator.compare(a.user.name, b.user.name))
}

/** Comparing two texts by hand costs a hundred times as much, of a thousand names. */
const collator = new Intl.Collator()

/** Whether somebody was invited and has not come yet. */
export const isAwaited = ({ invitation, hasPassword }: User): boolean => invitation !== null && !hasPassword

/** Whether a person passes a filter: who is awaited is counted as such alone. */
export function passes(user: User, filter: PeopleFilter): boolean {
  if (filter === 'all') return true
  return filter === 'invited' ? isAwaited(user) : user.role === filter && !isAwaited(user)
}

/** The lines that pass a filter and have all words of a query, in their order. */
export function foundLines(lines: readonly PersonLine[], filter: PeopleFilter, query: string): PersonLine[] {
  const items = lines
    .filter(({ user }) => passes(user, filter))
    .map((line) => ({ line, label: line.user.name, words: line.words }))
  return search(items, query).found.map(({ item }) => item.line)
}

/** The id that a name leads to: lower-case letters and digits, with hyphens for the rest; another one where it is taken. */
export function accountIdOf(name: string, taken: readonly string[]): string {
  const plain =
    name
      .normalize('NFD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 58)
      .replaceAll(/^-+|-+$/g, '') || 'person'
  for (let n = 1; ; n++) {
    const id = n === 1 ? plain : `${plain}-${n}`
    if (!taken.includes(id)) return id
  }
}
