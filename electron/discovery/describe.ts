import path from 'node:path'
import type { DiscoveredCredential, DiscoveredPlace, DiscoveredService, SecretField } from '../../shared/contract'
import { reason } from '../../shared/problems'
import { fingerprint } from '../vault/fingerprint'
import type { Secret } from '../vault/secret'
import { upperName } from './names'
import { bestSource, holdsOf, type Candidate, type Place, type ServiceCandidate, type Source } from './candidates'

const printOf = (value: string | null) => (value === null || value === '' ? null : fingerprint(value))

const printsOf = ({ username, password, token }: Secret) => ({
  username: printOf(username),
  password: printOf(password),
  token: printOf(token),
})

const describePlace = (place: Place, source: Source | null): DiscoveredPlace => {
  const { found, field, id, sinkOf, usedBy } = place
  const holds = holdsOf(found)
  const right = source?.secret.token ?? null
  const isOther = holds === 'hash' && field === 'token' && right !== null && found.value !== right
  const reasons = isOther ? [...place.reasons, reason('discovery.other-hash')] : place.reasons
  return {
    id,
    type: found.type,
    path: found.path,
    shown: found.shown,
    key: found.key,
    line: found.line,
    field,
    holds,
    fingerprint: printOf(found.value),
    modifiedAt: found.modifiedAt,
    sinkOf,
    usedBy,
    reasons,
    suggested:
      found.type !== null &&
      sinkOf === null &&
      // A session key that the plugin cannot read leaves the server open: there is all the more reason to write it.
      (['hash', 'cut-hash', 'value'].includes(holds) || found.type === 'session-key'),
  }
}

/** Whether every place says what a source says. */
function stateOf(candidate: Candidate, source: Source | null): DiscoveredCredential['state'] {
  const values = candidate.places.filter(
    ({ field, found }) => field !== 'username' && field !== 'sessionKey' && holdsOf(found) !== 'placeholder',
  )
  if (values.length < 2) return 'alone'
  const expected = source ?? candidate.sources[0]
  if (!expected) return 'differ'
  const agrees = ({ found, field }: { found: Place['found']; field: SecretField }) =>
    expected.secret[field] === null || found.value === expected.secret[field]
  return values.every(agrees) ? 'agree' : 'differ'
}

/** What leaves the core: fingerprints in the place of every value. */
export function describeCandidate(
  candidate: Candidate,
  services: readonly ServiceCandidate[],
  freeName: (wanted: string) => string,
): DiscoveredCredential {
  const { source, why } = bestSource(candidate)
  const { group, existing } = candidate
  const own = services.find(({ key }) => candidate.services.includes(key))
  const places = candidate.places.map((place) => describePlace(place, source))
  const isKnown = existing !== null || source !== null
  const isOurs = group.scheme !== 'token' || places.some(({ usedBy }) => usedBy.length > 0)
  return {
    key: candidate.key,
    scheme: group.scheme,
    suggestedId: freeName(own?.existing ?? own?.name ?? nameOf(candidate)),
    existing,
    suggested: isKnown && group.protects && isOurs && places.some(({ suggested }) => suggested),
    state: stateOf(candidate, source),
    places,
    sources: candidate.sources.map(({ placeId, secret, live, unusable }) => ({
      placeId,
      unusable,
      username: secret.username,
      fingerprints: printsOf(secret),
      live,
    })),
    source: source?.placeId ?? null,
    sourceWhy: why,
    services: candidate.services,
    reasons: candidate.reasons,
  }
}

function nameOf({ group, places }: Candidate): string {
  const { topic, instance, scheme } = group
  if (instance !== null) return instance.startsWith(topic) ? instance : `${topic}-${instance}`
  if (scheme !== 'token') return topic.replace(/^pair ?/, '') || 'login'
  const folder = path.basename(path.dirname(places[0]?.found.path ?? ''))
  return /^(?:API_KEY|TOKEN|KEY|SECRET|PASSWORD)$/.test(upperName(topic)) ? `${folder}-${topic}` : topic
}

export const describeService = (
  service: ServiceCandidate,
  freeName: (wanted: string) => string,
): DiscoveredService => ({
  ...service,
  suggestedId: service.existing ?? freeName(service.name),
})

/** A name that people may choose and that is not taken. */
export function createNames(taken: Iterable<string>): (wanted: string) => string {
  const used = new Set(taken)
  return (wanted) => {
    const plain = wanted
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]+/g, '-')
      .replace(/^[-_]+|[-_]+$/g, '')
      .slice(0, 56)
    const base = plain === '' ? 'found' : plain
    for (let count = 1; ; count++) {
      const name = count === 1 ? base : `${base}-${count}`
      if (used.has(name)) continue
      used.add(name)
      return name
    }
  }
}
