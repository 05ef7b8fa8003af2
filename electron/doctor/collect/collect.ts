import { access } from 'node:fs/promises'
import path from 'node:path'
import type {
  DoctorStep,
  GivenText,
  LintReport,
  LogLine,
  SecretField,
  Service,
  ServiceConfig,
} from '../../../shared/contract'
import { filledIn } from '../../../shared/given-text'
import { kinds } from '../../../shared/kinds'
import { Problem } from '../../../shared/problems'
import type { Compose } from '../../compose/program/compose'
import type { Engine } from '../../docker/engine'
import { kindOf } from '../../kinds'
import type { Redact } from '../../logs/cutting'
import { fingerprint } from '../../vault/fingerprint'
import { lendPlaces, type LentCredential, type LentPlace } from '../../credentials/lend-places'
import type { Secret } from '../../vault/secret'
import type { Credentials } from '../../credentials'
import type { Evidence, FileFinding, SeenCard, SeenValue } from '../evidence'
import { shapeOf } from '../shape'
import { ask, askAsStranger, askWithSecret, isLetIn, recognise, type Target } from './ask'
import { isOwn } from './answers'
import { lookInside, pairsIn, type ContainerLookInside, type ContainerValue } from './container'
import { noTraces, readLog } from './log'

export interface CollectOptions {
  credentials: Credentials
  services: {
    get(id: string): Service
    config(id: string): ServiceConfig
    logs(id: string, tail: number): Promise<LogLine[]>
  }
  /** Whether Regie can start and restart the service. */
  isManaged: (config: ServiceConfig) => boolean
  engine: Pick<Engine, 'client' | 'status'>
  compose: Pick<Compose, 'config'>
  lint: (serviceId: string) => Promise<LintReport>
  /** Which GPU the service is meant for, and which it works on; null where it has none that could be told. */
  cardOf: (serviceId: string) => Promise<SeenCard | null>
  /** Takes the secrets that Regie knows out of what the service says. */
  redact: Redact
}

export type StepId = DoctorStep['id']
/** Does one step of the walk, and tells of it, or that it has nothing to look at. */
export type Step = <T>(id: StepId, work: () => Promise<T>, hasSubject?: boolean) => Promise<T>

/** A value with the secret that it would be: kept while a diagnosis runs, and no longer. */
interface Candidate {
  seen: SeenValue
  secret: Secret
  /** The rules of its reader applied. */
  value: string
}

/** Most values that are tried: a proxy may count refusals. */
const mostTries = 6
const logTail = 1000
const rulesOfInterest =
  /^(env-dollar|yaml-dollar|hash-short|crlf|bom|forge-api-open|forge-password-unsafe|secret-empty)/

/** Looks at everything that may be a cause. Rejects with the signal's reason when it is aborted. */
export async function collect(
  options: CollectOptions,
  id: string,
  { step, signal }: { step: Step; signal: AbortSignal },
): Promise<{ evidence: Evidence; candidates: readonly Candidate[] }> {
  const { credentials, services } = options
  const service = services.get(id)
  const config = services.config(id)
  const target: Target = { kind: service.kind, url: service.url, signal, redact: options.redact }
  const isOpen = credentials.isOpen()
  const credentialId = service.credentialId !== null && isOpen && credentials.has(service.credentialId)

  const answers = await step('ask', () => askAsStranger(target))
  const evidence = beginning(service, { answers, isOpen, isManaged: options.isManaged(config) })
  const candidates: Candidate[] = []
  const withCredential = async (lent: LentCredential | null) => {
    if (lent) evidence.credential = describe(lent)
    await step('vault', async () => {
      if (lent) Object.assign(answers, await askWithSecret(target, lent.secret, answers))
    })
    const inside = await step('container', () => insideOf(options, service, lent, signal), service.container !== null)
    const startedAt = inside?.startedAt ?? startOf(service)
    await step('sinks', async () => {
      const found = lent
        ? await sinksOf(lent, { config, inside, startedAt, isManaged: evidence.service.isManaged })
        : []
      candidates.push(...found, ...(lent ? given(lent, config, inside) : []))
      evidence.values = candidates.map(({ seen }) => seen)
      evidence.guestFile = await guestFileOf(lent)
    })
    const readFiles = async () => {
      if (lent) await compareRendered(options, config, candidates, lent.secret)
      evidence.files = await filesOf(options, config)
    }
    await step('files', readFiles, config.runtime === 'compose')
    evidence.card = await options.cardOf(id)
    await step('log', async () => void (evidence.log = await logOf(options, id)))
    await step('try', async () => {
      if (lent) await tryAll(evidence, { target, lent, candidates })
      const { stranger } = answers
      if (!stranger || isOwn(stranger)) return
      if (stranger.status !== null) evidence.program = await recognise(target)
      evidence.otherAddress = await otherAddress(target, inside)
    })
  }
  if (service.credentialId !== null && credentialId) await lendPlaces(credentials, service.credentialId, withCredential)
  else await withCredential(null)
  signal.throwIfAborted()
  return { evidence, candidates }
}

/** What is known before anything but the service itself was looked at. */
const beginning = (
  { id, kind, runtime, url, health }: Service,
  { answers, isOpen, isManaged }: Pick<Evidence, 'answers'> & { isOpen: boolean; isManaged: boolean },
): Evidence => ({
  service: { id, kind, runtime, url, isManaged, runs: !['absent', 'stopped'].includes(health.state) },
  vault: isOpen ? 'open' : 'closed',
  credential: null,
  answers,
  program: null,
  otherAddress: null,
  values: [],
  previous: null,
  guestFile: null,
  log: { ...noTraces, read: false },
  card: null,
  files: null,
})

const describe = ({ id, scheme, secret, places }: LentCredential): Evidence['credential'] => {
  const value = scheme === 'basic' ? secret.password : secret.token
  return {
    id,
    scheme,
    print: value === null ? null : fingerprint(value),
    sinkIds: places.map(({ sinkId }) => sinkId),
  }
}

/** Since when the program runs that Regie itself started. */
const startOf = ({ pid, adopted, health }: Service): number | null =>
  pid === null || adopted ? null : (health.rungs.find((rung) => rung.id === 'running')?.at ?? null)

async function insideOf(
  { engine }: CollectOptions,
  service: Service,
  lent: LentCredential | null,
  signal: AbortSignal,
): Promise<ContainerLookInside | null> {
  if (!service.container) return null
  return lookInside(engine, {
    containerId: service.container.id,
    loginFiles: (lent?.places ?? []).filter(({ type }) => type === 'comfyui-login').map((place) => place.path),
    keys: new Set((lent?.places ?? []).flatMap(({ key }) => (key === null ? [] : [key]))),
    kind: service.kind,
    signal,
  })
}

const nameOf = ({ path: file, key }: Pick<LentPlace, 'path' | 'key'>) => (key === null ? file : `${file} (${key})`)

interface Around {
  config: ServiceConfig
  inside: ContainerLookInside | null
  startedAt: number | null
  isManaged: boolean
}

/** Whether a changed file asks for a restart or, being environment, for a container made anew. */
async function needsOf(place: LentPlace, { config, inside, isManaged }: Around): Promise<SeenValue['needs']> {
  if (!isManaged || place.requires === 'nothing') return 'nothing'
  if (config.runtime !== 'compose') return 'restart'
  if (place.requires === 'recreate') return 'recreate'
  return inside && (await inside.sees(place.path)) ? 'restart' : 'recreate'
}

/** The secret with one part as a place has it. */
const secretWith = (secret: Secret, field: SecretField, value: string, username: string | null): Secret => ({
  ...secret,
  [field]: value,
  ...(username === null ? {} : { username }),
})

const sinksOf = (lent: LentCredential, around: Around): Promise<Candidate[]> =>
  Promise.all(
    lent.places.map(async (place) => {
      const { value, raw, field, modifiedAt } = place
      const { startedAt } = around
      const isFileOfLogin = place.type === 'comfyui-login'
      const seen: SeenValue = {
        where: 'sink',
        place: nameOf(place),
        key: place.key,
        sinkId: place.sinkId,
        field,
        state: place.state,
        shape: raw === null ? null : shapeOf(raw),
        isSame: place.isSame,
        isPassword: field === 'token' && value !== null && value === lent.secret.password,
        isAmbiguous: place.caveat === 'sink.mangled',
        isLoginFile: isFileOfLogin,
        isNewer: modifiedAt === null || startedAt === null ? null : modifiedAt > startedAt,
        isAccepted: null,
        isAskedFor: false,
        needs: await needsOf(place, around),
      }
      return { seen, value: value ?? '', secret: secretWith(lent.secret, field, value ?? '', null) }
    }),
  )

const isUserName = (key: string) => /USER(?:NAME)?$/i.test(key)

/** What the service was given otherwise: by its container, or by the command that Regie starts. */
function given(lent: LentCredential, config: ServiceConfig, inside: ContainerLookInside | null): Candidate[] {
  // Of other credentials nothing is lent here.
  const asGiven = (text: GivenText) =>
    filledIn(text, ({ credentialId, field }) => (credentialId === lent.id ? (lent.secret[field] ?? '') : '…'))
  const own = config.process
    ? pairsIn(
        [config.process.command, ...[...config.process.args, ...Object.values(config.process.env)].map(asGiven)].join(
          ' ',
        ),
        config.id,
      )
    : []
  const sinkFields = new Map(lent.places.flatMap(({ key, field }) => (key === null ? [] : [[key, field] as const])))
  const main: SecretField = lent.scheme === 'basic' ? 'password' : 'token'
  return [...(inside?.values ?? []), ...own].map((found): Candidate => {
    const field = sinkFields.get(found.key) ?? (isUserName(found.key) ? 'username' : main)
    const value = plainValue(found)
    const isSame = value === lent.secret[field] && (found.username === null || found.username === lent.secret.username)
    return {
      value,
      secret: secretWith(lent.secret, field, value, found.username),
      seen: {
        where: found.where,
        place: found.place,
        key: found.key,
        sinkId: null,
        field,
        state: 'read',
        shape: shapeOf(found.raw),
        isSame: isSame && found.raw === value,
        isPassword: field === 'token' && value !== '' && value === lent.secret.password,
        isAmbiguous: false,
        isLoginFile: found.where === 'container-file',
        isNewer: null,
        isAccepted: null,
        isAskedFor: false,
        needs: 'nothing',
      },
    }
  })
}

const plainValue = ({ raw }: ContainerValue) => raw.replace(/^\ufeff/, '').replace(/\r$/, '')

async function guestFileOf(lent: LentCredential | null): Promise<string | null> {
  for (const { type, path: file } of lent?.places ?? []) {
    if (type !== 'comfyui-login') continue
    const guests = path.join(path.dirname(file), 'GUEST_MODE')
    const isThere = await access(guests).then(
      () => true,
      () => false,
    )
    if (isThere) return guests
  }
  return null
}

/** What the Compose files ask for by now, beside what the container was made with. */
async function compareRendered(
  { compose }: CollectOptions,
  { compose: spec }: ServiceConfig,
  candidates: readonly Candidate[],
  secret: Secret,
): Promise<void> {
  const variables = candidates.filter(({ seen }) => seen.where === 'environment' && !seen.isSame)
  if (!spec || variables.length === 0) return
  // Files that cannot be read are told elsewhere.
  const rendered = await compose.config(spec).catch((error: unknown) => {
    if (error instanceof Problem) return null
    throw error
  })
  const asked = rendered?.services[spec.service]?.environment ?? {}
  for (const { seen } of variables) {
    const wanted = seen.key === null ? null : (asked[seen.key] ?? null)
    seen.isAskedFor = wanted !== null && wanted === secret[seen.field]
  }
}

async function filesOf({ lint }: CollectOptions, config: ServiceConfig): Promise<Evidence['files']> {
  if (config.runtime !== 'compose') return null
  try {
    const report = await lint(config.id)
    const about = report.findings.filter(
      ({ rule, service }) => rulesOfInterest.test(rule) && (service === null || service === config.compose?.service),
    )
    const findings = about.map(({ rule, name, line, fixes, reason }): FileFinding => {
      const [fix] = fixes
      const needs = fix?.needs ?? 'none'
      return {
        rule,
        file: name,
        line,
        text: reason.problem,
        fixId: fix?.id ?? null,
        needs: needs === 'none' ? 'nothing' : needs,
      }
    })
    return { findings, states: report.files.map(({ path: file, state }) => ({ path: file, state })) }
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

async function logOf({ services }: CollectOptions, id: string): Promise<Evidence['log']> {
  try {
    const lines = await services.logs(id, logTail)
    return {
      ...readLog(
        services.get(id).kind,
        lines.map(({ text }) => text),
      ),
      read: lines.length > 0,
    }
  } catch (error) {
    if (error instanceof Problem) return { ...noTraces, read: false }
    throw error
  }
}

/**
 * Asks the service which of the values it lets in. Only where it answers as itself and refuses strangers: what lets
 * everybody in has accepted nothing, and another program is told no secret.
 */
async function tryAll(
  evidence: Evidence,
  { target, lent, candidates }: { target: Target; lent: LentCredential; candidates: readonly Candidate[] },
): Promise<void> {
  const { stranger, ours } = evidence.answers
  if (!stranger?.refused || !isOwn(stranger) || ours?.status === 200) return
  const origin = evidence.answers['with-origin'] === undefined ? undefined : (stranger.allowOrigin ?? undefined)
  const { opensBy } = kindOf(target.kind).symptoms
  const known = new Map<string, boolean>()
  for (const { seen, secret, value } of candidates) {
    if (opensBy !== null && seen.field !== opensBy) continue
    if (seen.state !== 'read' || seen.isSame || value === '' || !/^[\x20-\x7e]+$/.test(value)) continue
    const mark = JSON.stringify([seen.field, secret.username, value])
    const said = known.get(mark)
    if (said === undefined && known.size >= mostTries) continue
    seen.isAccepted = said ?? (await isLetIn(target, secret, origin))
    known.set(mark, seen.isAccepted)
  }
  const former = lent.previous
  const value = former && (lent.scheme === 'basic' ? former.password : former.token)
  if (former && value !== null)
    evidence.previous = { print: fingerprint(value), isAccepted: await isLetIn(target, former, origin) }
}

/** An address of the container's own at which the service answers as itself. */
async function otherAddress(target: Target, inside: ContainerLookInside | null): Promise<string | null> {
  const own = new URL(target.url)
  for (const { hostIp, hostPort } of inside?.ports ?? []) {
    if (String(hostPort) === own.port) continue
    const host = hostIp === '' || hostIp === '0.0.0.0' || hostIp === '::' ? own.hostname : hostIp
    const url = `${own.protocol}//${host.includes(':') ? `[${host}]` : host}:${hostPort}`
    const answer = await ask({ ...target, url }, { path: kinds[target.kind].protectedPath })
    if (isOwn(answer)) return url
  }
  return null
}
