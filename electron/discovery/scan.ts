import { createHash } from 'node:crypto'
import type { DiscoveryEvent } from '../../shared/contract'
import { kinds } from '../../shared/kinds'
import { reason, type Reason } from '../../shared/problems'
import { kindOf } from '../kinds'
import type { CredentialsContext } from '../credentials/context'
import type { CredentialRecord } from '../credentials/record'
import type { Secret } from '../vault/secret'
import { candidateOf, type Candidate, type ServiceCandidate } from './candidates'
import { readServices, reads, type ComposeService } from './compose'
import { group } from './group'
import { askWhich, isOwnMachine } from './live'
import type { Found } from './model'
import { instanceOfPath, upperName } from './names'
import { argumentKind, hashKind, isOwnTopic, ownMeaning } from './own'
import { pair } from './pairing'
import { recognise } from './recognise'
import { attachSessionKeys, isSessionKeyFile } from './session-keys'
import { readNamed, walk, type Walked, type WalkLimits } from './walk'

/** A service that Regie looks after. */
export interface KnownService {
  id: string
  kind: ServiceCandidate['kind']
  url: string
  credentialId: string | null
  compose: { file: string; service: string } | null
}

export type Progress = Extract<DiscoveryEvent, { type: 'progress' }>

/** All that a search found, with the secrets. It never leaves the core. */
export interface Search {
  candidates: Candidate[]
  services: ServiceCandidate[]
  looked: Walked['looked']
  remarks: Reason[]
  /** Hash of each file's bytes as they were read. */
  files: Map<string, string>
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface SearchOptions {
  /** A real path. */
  root: string
  known: readonly KnownService[]
  limits?: Partial<WalkLimits> | undefined
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}

/** Reads a folder and puts together what it holds. Changes nothing. Throws the signal's reason when aborted. */
export async function search(
  context: Pick<CredentialsContext, 'book' | 'hasher' | 'surfacesOf'>,
  { root, known, limits = {}, signal, onProgress }: SearchOptions,
): Promise<Search> {
  let looked: Walked['looked'] = { folders: 0, files: 0, bytes: 0 }
  const tell = (phase: Progress['phase'], found: number) => onProgress({ type: 'progress', phase, looked, found })
  const walked = await walk(root, {
    limits,
    signal,
    onProgress: (now) => {
      looked = now
      tell('read', 0)
    },
  })
  const yaml = walked.files.filter(({ kind, bytes }) => kind === 'yaml' && bytes.includes('services:'))
  const compose = await readServices(
    root,
    yaml.map((file) => file.path),
  )
  for (const file of compose.flatMap(({ envFiles }) => [...envFiles])) await readNamed(root, walked, file)
  looked = { ...walked.looked }
  signal.throwIfAborted()

  const remarks = [...walked.remarks]
  const all: Found[] = walked.foldersForFiles.map(folderInPlace)
  for (const file of walked.files) {
    const read = recognise(file)
    all.push(...read.found)
    remarks.push(...read.remarks)
  }
  const records = context.book().all()
  const readersOf = (found: Found) => compose.filter((service) => reads(service, found)).map(({ name }) => name)
  const credentialBehind = (found: Found) => behind(found, { compose, known, records })
  const named = group(all.filter((found) => !isSessionKeyFile(found)).map((found) => withReaders(found, compose)))
  const { groups, remarks: unattached } = attachSessionKeys(named, all.filter(isSessionKeyFile), {
    readersOf,
    credentialBehind,
  })
  remarks.push(...unattached)
  tell('pair', groups.length)
  const candidates: Candidate[] = []
  for (const one of groups) {
    const pairs = await pair(one, context.hasher, signal)
    candidates.push(candidateOf(one, pairs, { records, readersOf, credentialBehind }))
    tell('pair', groups.length)
  }
  const services = servicesOf(compose, known)
  remarks.push(...unsureServices(compose, services))
  joinServices(candidates, services, { compose, known })
  tell('ask', candidates.length)
  await askServices(candidates, services, { surfacesOf: context.surfacesOf, signal })
  oneCredentialEach(candidates, services)
  const files = new Map(walked.files.map(({ path, bytes }) => [path, hashOf(bytes)]))
  return { candidates, services, looked, remarks, files }
}

/** The credential of the service of Regie that reads a place; null where there is none, or more than one. */
function behind(
  found: Found,
  around: {
    compose: readonly ComposeService[]
    known: readonly KnownService[]
    records: readonly CredentialRecord[]
  },
): CredentialRecord | null {
  const readers = around.compose.filter((service) => reads(service, found))
  const ids = around.known.flatMap(({ compose, credentialId }) =>
    readers.some(({ file, name }) => compose?.file === file && compose.service === name) ? (credentialId ?? []) : [],
  )
  const [only, ...others] = around.records.filter(({ id, scheme }) => ids.includes(id) && scheme === 'comfyui-login')
  return others.length === 0 ? (only ?? null) : null
}

function folderInPlace({ path, shown, kind }: Walked['foldersForFiles'][number]): Found {
  return {
    ...{
      path,
      shown,
      modifiedAt: null,
      key: null,
      line: null,
      value: null,
      written: null,
      username: null,
      service: null,
    },
    type: kind === 'login' ? 'comfyui-login' : 'file',
    reasons: [reason('sink.directory', { path })],
    meaning: ownMeaning(hashKind, 'token', instanceOfPath(shown)),
  }
}

/** What the Compose files say of a value: whose it is, and that it is a login where its name does not tell. */
function withReaders(found: Found, compose: readonly ComposeService[]): Found {
  const readers = compose.filter((service) => reads(service, found))
  const role = readers.map(({ roles }) => roles.get(found.key ?? '')).find((one) => one !== undefined)
  const known = found.meaning
  const named = role?.username && found.username === null ? { ...found, username: role.username } : found
  if (role !== undefined && !(known?.scheme === 'basic' && isOwnTopic(known.topic))) {
    return withInstance({ ...named, meaning: ownMeaning(argumentKind, role.field) }, readers)
  }
  return withInstance(named, readers)
}

/** A value of the one backend that reads it is that backend's. */
function withInstance(found: Found, readers: readonly ComposeService[]): Found {
  const { meaning } = found
  if (meaning?.scope !== 'instance' || meaning.instance !== null) return found
  const backends = readers.filter(({ kind }) => kind !== null && kindOf(kind).traces.topic === meaning.topic)
  const [only] = backends
  if (!only || backends.length > 1) return found
  return { ...found, meaning: { ...meaning, instance: instanceOfPath(only.name) ?? only.name.toLowerCase() } }
}

const placeOf = (url: string) => {
  if (!URL.canParse(url)) return url
  const { hostname, port, protocol } = new URL(url)
  const host = hostname === 'localhost' || hostname === '[::1]' ? '127.0.0.1' : hostname
  return `${host}:${port || (protocol === 'https:' ? '443' : '80')}`
}

const keyOf = (...parts: string[]) => hashOf(Buffer.from(JSON.stringify(parts))).slice(0, 16)

/** The backends of the Compose files, each with the service of Regie that it is, and Regie's others. */
function servicesOf(compose: readonly ComposeService[], known: readonly KnownService[]): ServiceCandidate[] {
  const found = compose.flatMap(({ name, file, likeness }): ServiceCandidate[] => {
    if (likeness.state !== 'sure') return []
    const { kind, url, why } = likeness
    const own =
      known.find((one) => one.compose?.file === file && one.compose.service === name) ??
      known.find(
        (one) => kindOf(one.kind).traces.topic === kindOf(kind).traces.topic && placeOf(one.url) === placeOf(url),
      )
    return [{ key: keyOf(file, name), name, kind, url, file, why, existing: own?.id ?? null, live: 'not-asked' }]
  })
  const others = known
    .filter(({ id }) => !found.some(({ existing }) => existing === id))
    .map(({ id, kind, url }): ServiceCandidate => {
      return { key: keyOf('', id), name: id, kind, url, file: null, why: '', existing: id, live: 'not-asked' }
    })
  return [...found, ...others]
}

/** Services that may be backends: a person says what they are and where they answer, in "Add service". */
const unsureServices = (compose: readonly ComposeService[], services: readonly ServiceCandidate[]): Reason[] =>
  compose
    .filter(({ likeness }) => likeness.state === 'unsure')
    .filter(({ name, file }) => !services.some((one) => one.file === file && one.name === name))
    .map(({ name, file }) => reason('discovery.service-unsure', { service: name, path: file }))

/** Which services a credential opens: those that read it, else the one that bears its name, else the only one. */
function joinServices(
  candidates: readonly Candidate[],
  services: readonly ServiceCandidate[],
  { compose, known }: { compose: readonly ComposeService[]; known: readonly KnownService[] },
) {
  for (const candidate of candidates) {
    const fitting = services.filter(({ kind, file }) => file !== null && kinds[kind].scheme === candidate.group.scheme)
    const readers = fitting.filter((service) =>
      compose.some(
        (one) =>
          one.file === service.file &&
          one.name === service.name &&
          candidate.places.some(({ found, field }) => field !== 'username' && reads(one, found)),
      ),
    )
    const { instance } = candidate.group
    const named = fitting.filter(
      ({ name }) => instance !== null && (instanceOfPath(name) === instance || upperName(name) === upperName(instance)),
    )
    const rivals = candidates.filter(({ group: { scheme } }) => scheme === candidate.group.scheme)
    const only = fitting.length === 1 && rivals.length === 1 ? fitting : []
    const users = known.filter(({ credentialId }) => credentialId !== null && credentialId === candidate.existing)
    const own = services.filter(({ existing }) => users.some(({ id }) => id === existing))
    const chosen = [own, readers, named, only].find((some) => some.length > 0) ?? []
    candidate.services = chosen.map(({ key }) => key)
  }
}

/** Asks the services on this machine which of the values they accept; one that accepts is joined to its credential. */
async function askServices(
  candidates: readonly Candidate[],
  services: readonly ServiceCandidate[],
  options: Pick<CredentialsContext, 'surfacesOf'> & { signal: AbortSignal },
) {
  await Promise.all(
    services.map(async (service) => {
      if (!isOwnMachine(service.url)) return
      const rivals = candidates.filter((one) => kinds[service.kind].scheme === one.group.scheme)
      const joined = rivals.filter(({ services: keys }) => keys.includes(service.key))
      // A service that no file of the folder speaks of may still be the one: it is asked about what has no other.
      const asked = joined.length > 0 ? joined : rivals.filter(({ services: keys }) => keys.length === 0)
      const sources = asked.flatMap((candidate) => candidate.sources.map((source) => ({ candidate, source })))
      if (sources.length === 0) return
      const secrets: Secret[] = sources.map(({ source }) => source.secret)
      const answer = await askWhich(service, secrets, options)
      service.live = answer.service
      sources.forEach(({ candidate, source }, at) => {
        const said = answer.secrets[at] ?? 'unknown'
        if (said === 'accepted' || source.live === 'unknown') source.live = said
        if (said === 'accepted' && joined.length === 0 && !candidate.services.includes(service.key))
          candidate.services.push(service.key)
      })
      for (const candidate of joined) candidate.reasons.push(...aboutAnswer(service, candidate))
    }),
  )
}

/** A service has one credential: the one it accepts, else the first; the others are told to be further logins. */
function oneCredentialEach(candidates: readonly Candidate[], services: readonly ServiceCandidate[]) {
  for (const { key, name } of services) {
    const joined = candidates.filter((one) => one.services.includes(key))
    const isAccepted = ({ sources }: Candidate) => sources.some(({ live }) => live === 'accepted')
    const chosen = joined.find(isAccepted) ?? joined.find(({ existing }) => existing !== null) ?? joined[0]
    for (const other of joined) {
      if (other === chosen) continue
      other.services = other.services.filter((one) => one !== key)
      other.reasons.push(reason('discovery.other-user', { service: name }))
    }
  }
}

function aboutAnswer({ name, live }: ServiceCandidate, { sources }: Candidate): Reason[] {
  if (live === 'open') return [reason('discovery.service-open', { service: name })]
  const isRefused = live === 'protected' && sources.length > 0 && sources.every((one) => one.live === 'refused')
  return isRefused ? [reason('discovery.all-refused', { service: name })] : []
}
