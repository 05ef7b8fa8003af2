import type {
  Attention,
  Credential,
  Drift,
  ExposureTest,
  GoldenCheck,
  Place,
  Proof,
  Service,
} from '../../../shared/contract'
import { letsStrangersIn } from '../../../shared/exposure-grade'
import type { Reason } from '../../../shared/problems'
import type { Context } from '../define'
import { problemOf } from '../exits'
import { runGolden } from '../golden'
import type { Panel } from '../panel'
import { healthReason, reasonIn } from '../reasons'
import type { Area, Finding } from './finding'

/** What is looked at. */
export interface Wish {
  /** Of these services alone, and of what they use; all where it is empty. */
  ids: readonly string[]
  areas: readonly Area[]
  /** Whether a service that is stopped is as it should be. */
  mayBeStopped: boolean
}

type Told = Pick<Finding, 'state' | 'message' | 'hint'>

const passed: Told = { state: 'passed', message: '', hint: '' }
const skipped = (message: string): Told => ({ state: 'skipped', message, hint: '' })
const failed = (message: string, hint = ''): Told => ({ state: 'failed', message, hint })

/** A reason as the contract has it: any Problem, also one that this version does not know. */
type AnyReason = Omit<Reason, 'problem'> & { problem: string }

const isOff = ({ health: { state } }: Service) => state === 'stopped' || state === 'absent'

function judgeService({ language, say }: Context, service: Service, mayBeStopped: boolean): Told {
  const { health, muted } = service
  if (health.state === 'ready') return passed
  if (muted) return skipped(say('check.muted'))
  if (mayBeStopped && isOff(service)) return skipped(health.state)
  const reason = healthReason(language, service)
  return reason === null ? failed(health.state) : failed(`${health.state}: ${reason.message}`, reason.hint)
}

/** States of a place in which it does not hold what the vault does, or not yet. */
const apart = new Set<Place['state']>(['drifted', 'missing', 'unreadable', 'needs-restart', 'needs-recreate'])

function judgeDrift({ places, drifted }: Drift): Told {
  const wrong = places.filter(({ state }) => apart.has(state))
  if (wrong.length === 0 && drifted === 0) return passed
  return failed(wrong.map(({ where, state }) => `${where}: ${state}`).join('; ') || `drifted: ${drifted}`)
}

function judgeProof({ language, say }: Context, { outcome, reason, rows }: Proof, isOffOnly: boolean): Told {
  const told = reason && reasonIn(language, reason)
  switch (outcome) {
    case 'proven':
      return passed
    case 'none':
      return skipped(say('check.unused'))
    case 'unreachable':
      if (isOffOnly) return skipped(told?.message ?? outcome)
      return failed(told?.message ?? outcome, told?.hint)
    case 'failed': {
      const wrong = rows.filter(({ none, wrong: invalid, old, fresh }) =>
        [none, invalid, old, fresh].some(({ state }) => state === 'fail'),
      )
      return failed(told?.message ?? wrong.map(({ surface }) => surface).join('; '), told?.hint)
    }
  }
}

function judgeExposure({ language }: Context, { state, grade, findings, reason }: ExposureTest): Told {
  if (state !== 'done' || grade === null) {
    const told = reason && reasonIn(language, reason)
    return failed(told?.message ?? state, told?.hint)
  }
  if (!letsStrangersIn(grade)) return { ...passed, message: grade }
  const told = findings.filter((one) => letsStrangersIn(one.grade)).map((one) => reasonIn(language, one.reason))
  return failed(`${grade}: ${told.map(({ message }) => message).join(' ')}`, told[0]?.hint)
}

/** An image that differs from the golden one is for a person to look at, and so is one that took longer than the alert's limit. */
function judgeGolden({ language }: Context, { state, reason, findings }: GoldenCheck): Told {
  const why = reason ?? findings.find((one) => one.state === 'warning')?.reason
  const told = why && reasonIn(language, why)
  const isSlow = findings.some((one) => one.id === 'time' && one.state === 'warning')
  if (state === 'passed' && !isSlow) return passed
  const message = told?.message ?? (isSlow ? `+${findings.find(({ id }) => id === 'time')?.value ?? 0} %` : state)
  return state === 'skipped' ? skipped(message) : failed(message, told?.hint)
}

/** Judges one thing, with how long that took. What the panel refuses for another reason than who asks is a finding. */
async function finding(context: Context, area: Area, name: string, judge: () => Promise<Told>): Promise<Finding> {
  const { output, say, language } = context
  output.progress(say('check.looking', { area, name }))
  const began = performance.now()
  const told = await judge().catch((error: unknown) => {
    const problem = problemOf(error)
    if (problem === null || /^session\./.test(problem.problem)) throw error
    const reason = reasonIn(language, problem)
    return failed(reason.message, reason.hint)
  })
  return { area, name, ...told, tookMs: Math.round(performance.now() - began) }
}

const attentionFindings = (
  context: Context,
  { items, unknown }: Attention,
  isMeant: (subject: string | null) => boolean,
) => {
  const { language, say } = context
  const reasonOf = (reason: AnyReason | undefined, fallback: string) =>
    reason ? reasonIn(language, reason) : { message: fallback, hint: '' }
  const found = items
    .filter(({ subject }) => isMeant(subject))
    .map((item): Finding => {
      const { message, hint } = reasonOf(item.reason, item.kind)
      const name = item.subject === null ? item.kind : `${item.kind} ${item.subject}`
      return { area: 'attention', name, ...failed(message, hint), tookMs: 0 }
    })
  const untold = unknown.kinds.map((kind): Finding => ({
    area: 'attention',
    name: kind,
    ...skipped(say('check.unknown')),
    tookMs: 0,
  }))
  const none: Finding = { area: 'attention', name: 'attention', ...passed, tookMs: 0 }
  return [...(found.length === 0 ? [none] : found), ...untold]
}

/** Looks at everything that was asked for, one after the other. Throws what says that the caller may not. */
export async function lookAll(panel: Panel, { ids, areas, mayBeStopped }: Wish, context: Context): Promise<Finding[]> {
  const { client } = panel
  const { signal } = context
  const isMeant = (id: string) => ids.length === 0 || ids.includes(id)
  // A service that is named and not there is a mistake in the command, which the panel names.
  for (const id of ids) await client.services.get({ id }, { signal })
  const services = (await client.services.list(undefined, { signal })).filter(({ id }) => isMeant(id))
  const all = await client.credentials.list(undefined, { signal })
  const credentials = all.filter(({ serviceIds }) => ids.length === 0 || serviceIds.some(isMeant))
  const isOffOnly = ({ serviceIds }: Credential) =>
    mayBeStopped && services.filter(({ id }) => serviceIds.includes(id)).every(isOff)

  const looks: Record<Area, () => Promise<Finding[]>> = {
    services: () =>
      each(services, 'services', (service) => Promise.resolve(judgeService(context, service, mayBeStopped))),
    drift: () =>
      each(credentials, 'drift', async ({ id }) => judgeDrift(await client.credentials.drift({ id }, { signal }))),
    credentials: () =>
      each(credentials, 'credentials', async (credential) =>
        judgeProof(context, await client.credentials.verify({ id: credential.id }, { signal }), isOffOnly(credential)),
      ),
    exposure: () =>
      each(services, 'exposure', async (service) =>
        isOff(service)
          ? skipped(service.health.state)
          : judgeExposure(context, await client.exposure.run({ id: service.id, wait: true }, { signal })),
      ),
    golden: () =>
      each(services, 'golden', async (service) =>
        isOff(service) && mayBeStopped
          ? skipped(service.health.state)
          : judgeGolden(context, await runGolden(panel, service.id, context)),
      ),
    attention: async () => {
      const named = new Set([...services, ...credentials].map(({ id }) => id))
      const about = (subject: string | null) => ids.length === 0 || (subject !== null && named.has(subject))
      return attentionFindings(context, await client.attention.read(undefined, { signal }), about)
    },
  }
  async function each<T extends { id: string }>(some: readonly T[], area: Area, judge: (one: T) => Promise<Told>) {
    const found: Finding[] = []
    for (const one of some) found.push(await finding(context, area, one.id, () => judge(one)))
    return found
  }
  const findings: Finding[] = []
  for (const area of areas) findings.push(...(await looks[area]()))
  return findings
}
