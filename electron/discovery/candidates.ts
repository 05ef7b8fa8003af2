import { createHash } from 'node:crypto'
import type { SecretField, ServiceKind } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { interpolate } from '../compose/files/interpolation'
import type { CredentialRecord } from '../credentials/record'
import type { Secret } from '../vault/secret'
import { checkInUse, mainField, refusalOf, sameSecret } from '../credentials/secrets'
import type { Group, Member } from './group'
import { isCutHash, isHash, type Found } from './model'
import { isPlaceholder } from './names'
import { isSessionKeyFile } from './session-keys'
import type { Pairs } from './pairing'

/** A place of a credential, as it is kept for the import. */
export interface Place extends Member {
  id: string
  /** The credential of the vault that has it already. */
  sinkOf: string | null
  usedBy: string[]
  reasons: Reason[]
}

/** A place whose value may become the vault's. */
export interface Source {
  placeId: string
  secret: Secret
  /** What a reader breaks on in it. */
  unusable: Reason | null
  live: 'accepted' | 'refused' | 'unknown'
}

export interface Candidate {
  key: string
  group: Group
  places: Place[]
  sources: Source[]
  /** Keys of the services that it seems to open. */
  services: string[]
  existing: string | null
  reasons: Reason[]
}

export interface ServiceCandidate {
  key: string
  name: string
  kind: ServiceKind
  url: string
  file: string | null
  why: string
  existing: string | null
  live: 'protected' | 'open' | 'silent' | 'not-asked'
}

const idOf = (...parts: (string | number | null)[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)

/** What stands in a place, as its readers take it. */
export function holdsOf({ value }: Pick<Found, 'value'>) {
  if (value === null) return 'nothing'
  if (value === '') return 'empty'
  if (isHash(value)) return 'hash'
  if (isCutHash(value)) return 'cut-hash'
  return isPlaceholder(value) ? 'placeholder' : 'value'
}

/** Turns a group into what can be proposed: its places with what is wrong with them, and whole secrets to choose. */
export function candidateOf(
  group: Group,
  pairs: Pairs,
  around: {
    records: readonly CredentialRecord[]
    readersOf: (found: Found) => string[]
    /** The credential of the vault that opens the service of Regie which reads a place. */
    credentialBehind: (found: Found) => CredentialRecord | null
  },
): Candidate {
  const places = group.members.map((member): Place => {
    const { found, field } = member
    return {
      ...member,
      id: idOf(found.path, found.key, found.type, found.line, field),
      sinkOf: ownerOf(found, around.records),
      usedBy: around.readersOf(found),
      reasons: [...found.reasons, ...aboutValue(member, group, pairs)],
    }
  })
  const sources = places.flatMap((place) => sourceOf(place, places, group, pairs))
  const reasons: Reason[] = []
  if (pairs.isCut) reasons.push(reason('discovery.not-paired', { tried: pairs.tried }))
  if (group.scheme === 'comfyui-login' && sources.length > 0 && sources.every(({ secret }) => secret.token === null))
    reasons.push(reason('discovery.no-hash'))
  const key = idOf(group.scheme, group.topic, group.instance, ...places.map(({ id }) => id))
  const behind = places.every(({ found }) => isSessionKeyFile(found)) ? around.credentialBehind : () => null
  const [first] = places
  const existing =
    existingOf(places, sources, group, around.records) ?? (first ? (behind(first.found)?.id ?? null) : null)
  return { key, group, places, sources, services: [], existing, reasons }
}

function ownerOf({ path: file, key }: Found, records: readonly CredentialRecord[]): string | null {
  return records.find(({ sinks }) => sinks.some((sink) => sink.path === file && sink.key === key))?.id ?? null
}

function existingOf(
  places: readonly Place[],
  sources: readonly Source[],
  { scheme }: Group,
  records: readonly CredentialRecord[],
): string | null {
  const owner = places.find(({ sinkOf }) => sinkOf !== null)?.sinkOf ?? null
  const of = (record: CredentialRecord) =>
    record.scheme === scheme &&
    sources.some(({ secret }) => {
      const main = secret[mainField[scheme]]
      return main !== null && sameSecret(main, record.secret[mainField[scheme]])
    })
  const own = records.find(({ id }) => id === owner)
  return (own?.scheme === scheme ? own : records.find(of))?.id ?? null
}

function aboutValue({ found, field }: Member, group: Group, pairs: Pairs): Reason[] {
  const { value } = found
  switch (holdsOf(found)) {
    case 'nothing':
    case 'hash':
      return []
    case 'empty':
      return [reason('discovery.empty')]
    case 'placeholder':
      return [reason('discovery.placeholder')]
    case 'cut-hash':
      // Whole as it stands there: what cuts it is told already.
      return isHash(found.written) ? [] : [aboutCutHash(value ?? '', group)]
    case 'value':
      if (group.scheme !== 'comfyui-login') return []
      if (field === 'token') return [reason('discovery.plain-token')]
      return field === 'password' && pairs.isApart(value ?? '') ? [reason('discovery.password-apart')] : []
  }
}

/** Whether a cut hash is what Compose makes of a whole one: then it is sure how it came to be. */
function aboutCutHash(value: string, { members }: Group): Reason {
  const none = new Map<string, string>()
  const wholes = members.flatMap(({ found }) => [found.value, found.written].filter(isHash))
  const isMade = wholes.some((whole) => interpolate(whole, none) === value)
  return reason(isMade ? 'discovery.cut-by-dollar' : 'discovery.cut-hash', { length: value.length })
}

const isUsable = (place: Place): boolean => ['hash', 'value'].includes(holdsOf(place.found))

/** Whether the vault would not take a value even as one that is in use. */
function isRefused(scheme: Group['scheme'], field: SecretField, value: string): boolean {
  try {
    checkInUse(scheme, field, value)
    return false
  } catch (error) {
    if (error instanceof Problem) return true
    throw error
  }
}

function sourceOf(place: Place, places: readonly Place[], group: Group, pairs: Pairs): Source[] {
  const { scheme } = group
  const { found, field } = place
  const { value } = found
  if (value === null || !isUsable(place)) return []
  const main = mainField[scheme]
  // A password alone stands for the whole only where there is no hash at all.
  const isAlone = scheme === 'comfyui-login' && field === 'password' && !places.some((one) => isHash(one.found.value))
  if (field !== main && !isAlone) return []
  // Plain text in PASSWORD's first line is a token too; elsewhere it is a mistake.
  if (scheme === 'comfyui-login' && field === 'token' && !isHash(value) && found.type !== 'comfyui-login') return []
  const unusable = refusalOf(scheme, field, value)
  if (unusable) place.reasons.push(unusable)
  if (unusable && isRefused(scheme, field, value)) return []
  const username = scheme === 'token' ? null : usernameFor(place, places, scheme)
  const bare: Secret = { username, password: null, token: null }
  const secret: Secret = { ...bare, [field]: value }
  if (scheme === 'comfyui-login' && field === 'token')
    return [
      {
        ...{ placeId: place.id, unusable, live: 'unknown' },
        secret: { ...secret, password: passwordFor(value, places, pairs) },
      },
    ]
  return [{ placeId: place.id, secret, unusable, live: 'unknown' }]
}

function passwordFor(hash: string, places: readonly Place[], pairs: Pairs): string | null {
  const own = places.find(
    ({ field, found: { value } }) => field === 'password' && value !== null && pairs.belong(value, hash),
  )
  const value = own?.found.value ?? null
  return value !== null && refusalOf('comfyui-login', 'password', value) === null ? value : null
}

/** The user name beside a value: in the same place, the same file, else the one in most places. */
function usernameFor(place: Place, places: readonly Place[], scheme: Group['scheme']): string | null {
  const names = places.flatMap(({ found, field }) => {
    const name = field === 'username' ? found.value : found.username
    return name !== null && name !== '' && refusalOf(scheme, 'username', name) === null
      ? [{ name, path: found.path }]
      : []
  })
  const own = names.find(({ path }) => path === place.found.path)?.name
  const counts = new Map<string, number>()
  for (const { name } of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  const most = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
  return place.found.username ?? own ?? most ?? null
}

/** Which source is proposed, and why that one. */
export function bestSource({ sources, places, group, existing }: Candidate): {
  source: Source | null
  why: 'vault' | 'live' | 'login-file' | 'most' | 'only' | 'none'
} {
  const [first] = sources
  if (!first) return { source: null, why: existing === null ? 'none' : 'vault' }
  if (existing !== null) return { source: null, why: 'vault' }
  const placeOf = (source: Source) => places.find(({ id }) => id === source.placeId)
  const accepted = sources.find(({ live }) => live === 'accepted')
  if (accepted) return { source: accepted, why: 'live' }
  const login = sources.find((source) => placeOf(source)?.found.type === 'comfyui-login')
  if (login) return { source: login, why: 'login-file' }
  const main = (source: Source) => source.secret[mainField[group.scheme]] ?? source.secret.password
  const counts = new Map<string | null, number>()
  for (const source of sources) counts.set(main(source), (counts.get(main(source)) ?? 0) + 1)
  if (counts.size === 1) return { source: first, why: 'only' }
  const best = [...sources].sort((a, b) => (counts.get(main(b)) ?? 0) - (counts.get(main(a)) ?? 0))[0] ?? first
  return { source: best, why: 'most' }
}
