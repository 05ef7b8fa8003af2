import path from 'node:path'
import type { Scheme, SecretField } from '../../shared/contract'
import { isHash, meantValue, shortestTelling, type Found } from './model'
import { isPlaceholder } from './names'
import { isOwnTopic, type Meaning } from './own'

/** Values that are, or should be, one credential. */
export interface Group {
  scheme: Scheme
  topic: string
  instance: string | null
  /** Whether it protects a service of the deployment. */
  protects: boolean
  members: Member[]
}

export interface Member {
  found: Found
  field: SecretField
}

type Named = Found & { meaning: Meaning }

const isNamed = (found: Found): found is Named => found.meaning !== null

/** A value that says by itself which secret it is. */
const telling = (found: Found): string | null => {
  const value = meantValue(found)
  return value !== null && value.length >= shortestTelling && !isPlaceholder(value) ? value : null
}

/** A backend's own password says by its name what it is, however short. */
const isNamedLogin = ({ scheme, topic }: Group, { found: { value }, field }: Member): boolean =>
  scheme === 'basic' && isOwnTopic(topic) && field === 'password' && !!value && !isPlaceholder(value)

const bucketOf = ({ meaning, path: file }: Named): string => {
  const { scope, topic, instance } = meaning
  switch (scope) {
    case 'instance':
      // Without an instance, what stands in one file belongs together; where it goes is told by its values.
      return instance === null ? `loose ${topic} ${file}` : `${topic} ${instance}`
    case 'folder':
      return `${topic} in ${path.dirname(file)}`
    case 'everywhere':
      return topic
  }
}

/**
 * Puts values together that are one credential: by what their names say, and by being equal. What a service keeps for
 * itself (a name that everybody uses, another instance) stays apart unless it is equal.
 */
export function group(all: readonly Found[]): Group[] {
  const buckets = new Map<string, Group>()
  for (const found of all.filter(isNamed)) {
    const { meaning } = found
    const key = bucketOf(found)
    const { scheme, topic, instance, protects } = meaning
    const bucket = buckets.get(key) ?? { scheme, topic, instance, protects, members: [] }
    bucket.protects ||= protects
    bucket.members.push({ found, field: meaning.field })
    buckets.set(key, bucket)
  }
  const named = [...buckets.values()].map(withoutLoneParts).filter((one) => one.members.length > 0)
  const settled = settleLoose(
    named.filter(isLoose),
    named.filter((one) => !isLoose(one)),
  )
  const groups = mergeEqual(settled)
  joinByValue(
    groups,
    all.filter((found) => !isNamed(found)),
  )
  return groups
    .map(once)
    .filter((one) => one.members.some((member) => telling(member.found) !== null || isNamedLogin(one, member)))
}

const isLoose = ({ topic, instance }: Group) => instance === null && isOwnTopic(topic)

/** A user name without a password is no credential; a password without a user name is a secret like any other. */
function withoutLoneParts(of: Group): Group {
  if (of.scheme !== 'basic') return of
  const passwords = of.members.filter(({ field }) => field === 'password')
  if (passwords.length === 0) return { ...of, members: [] }
  const hasUser = of.members.length > passwords.length || passwords.some(({ found }) => found.username !== null)
  if (hasUser || isOwnTopic(of.topic)) return of
  return { ...of, scheme: 'token', members: passwords.map((member) => ({ ...member, field: 'token' })) }
}

const valuesOf = ({ members }: Group): Set<string> =>
  new Set(members.filter(({ field }) => field !== 'username').flatMap(({ found }) => telling(found) ?? []))

const shares = (a: Group, b: Group) => {
  const values = valuesOf(a)
  return [...valuesOf(b)].some((value) => values.has(value))
}

/** What names no instance goes to the one whose value it has, else to the one that most of its kind belong to. */
function settleLoose(loose: readonly Group[], settled: readonly Group[]): Group[] {
  const groups = [...settled]
  const waiting: Group[] = []
  for (const one of loose) {
    const equal = groups.find((other) => other.topic === one.topic && shares(one, other))
    if (equal) equal.members.push(...one.members)
    else waiting.push(one)
  }
  for (const one of waiting) {
    const own = groups.filter(({ topic }) => topic === one.topic).sort((a, b) => b.members.length - a.members.length)
    if (own[0]) own[0].members.push(...one.members)
    else groups.push(one)
  }
  return groups
}

/** Groups that hold an equal secret are one; a plain token goes over to the scheme that knows more. */
function mergeEqual(groups: readonly Group[]): Group[] {
  const merged: Group[] = []
  // Schemes with several parts first: they take plain tokens in.
  for (const one of [...groups].sort((a, b) => Number(a.scheme === 'token') - Number(b.scheme === 'token'))) {
    const host = merged.find(
      (other) =>
        (one.scheme === 'token' || (other.scheme === one.scheme && other.topic === one.topic)) && shares(other, one),
    )
    if (!host) merged.push({ ...one, members: [...one.members] })
    else if (host.scheme === one.scheme) host.members.push(...one.members)
    else host.members.push(...one.members.map(({ found }) => ({ found, field: fieldOf(host, found) })))
  }
  return merged
}

/** Which part of the group's secret a value is; its first part where it is none. */
function fieldOf({ scheme, members }: Group, found: Found): SecretField {
  const value = telling(found)
  const equal = members.find((member) => value !== null && telling(member.found) === value)
  return equal?.field ?? (scheme === 'basic' ? 'password' : 'token')
}

/** Values whose names say nothing and that are equal to a known one. */
function joinByValue(groups: readonly Group[], unnamed: readonly Found[]) {
  const owners = new Map<string, { group: Group; field: SecretField }>()
  for (const one of groups)
    for (const { found, field } of one.members) {
      const value = field === 'username' ? null : telling(found)
      if (value !== null && !owners.has(value)) owners.set(value, { group: one, field })
    }
  for (const found of unnamed) {
    const owner = owners.get(telling(found) ?? '')
    owner?.group.members.push({ found, field: owner.field })
  }
}

/** One place counts once. */
function once(of: Group): Group {
  const seen = new Set<string>()
  const members = of.members.filter(({ found: { path: file, key, line, type } }) => {
    const place = JSON.stringify(type === null ? [file, key, line] : [file, key])
    return !seen.has(place) && seen.add(place).size > 0
  })
  return { ...of, members }
}

/** The passwords and the hashes of a group, each once: what may belong together. */
export function pairCandidates({ members }: Group): { passwords: string[]; hashes: string[] } {
  const values = (wanted: SecretField) => [
    ...new Set(
      members.flatMap(({ found, field }) => {
        const value = meantValue(found)
        return field === wanted && value !== null && value !== '' && !isPlaceholder(value) ? [value] : []
      }),
    ),
  ]
  return { passwords: values('password').filter((value) => !isHash(value)), hashes: values('token').filter(isHash) }
}
