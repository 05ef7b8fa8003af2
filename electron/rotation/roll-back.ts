import { setTimeout as wait } from 'node:timers/promises'
import { because, Problem, reason, type Reason } from '../../shared/problems'
import { isOpenedBy } from '../credentials/control'
import { recordOf } from '../credentials/credentials'
import { prove, type ProofTarget } from '../credentials/proof'
import { answers, changedFiles, note, type RotationRun, type TouchedService } from './parts'
import type { StepId } from './record'
import { mendTorn } from './torn'
import { compareSink, writeSink } from '../credentials/sinks/sinks'

/** How long a service is asked at a stretch, before it is looked whether it runs at all, in ms. */
const stretchMs = 2_000
/** How often a service is tried again that somebody is just starting or stopping, in ms. */
const busyMs = 200

/**
 * Puts the old secret back everywhere that was touched. Resolves with null when every sink holds it and no service
 * may hold the new one (one that does not run will take the old when it starts), else with what is left to do; the
 * vault then keeps both secrets.
 */
export async function rollBack(run: RotationRun, failedStep: StepId): Promise<Reason | null> {
  const { context, credentialId, record, touched } = run
  context.rotating.set(credentialId, 'current')
  // The journal cannot be allowed to stop this: with a full disk, putting back is still worth trying.
  await note(run, 'roll-back', { failedStep }).catch(run.reportError)
  record.begin('roll-back')
  let rest: Reason | null = null
  try {
    if (touched.sinks.length === 0 && touched.services.length === 0) record.line('roll-back', 'roll-back.untouched')
    rest = await putSinksBack(run)
    for (const service of touched.services) rest = (await bringBack(run, service)) ?? rest
    for (const target of untouched(run)) rest = (await proveOld(run, target)) ?? rest
    if (rest === null) await context.book().edit(credentialId, (now) => ({ ...now, pending: null }))
  } catch (error) {
    rest ??= error instanceof Problem ? error.reason : reason('rotation.unexpected')
    if (!(error instanceof Problem)) run.reportError(error)
  }
  record.end('roll-back', rest ? 'failed' : 'done')
  return rest
}

async function putSinksBack({ context, credentialId, record, touched, reportError }: RotationRun) {
  const { secret } = recordOf(context, credentialId)
  let rest: Reason | null = null
  const failed = (path: string, error: unknown) => {
    if (!(error instanceof Problem)) reportError(error)
    const why = error instanceof Problem ? error.reason : reason('rotation.unexpected')
    record.line('roll-back', 'roll-back.sink-failed', { ...because(why), path, cause: why.message })
    return why
  }
  await context.exclusively(async () => {
    for (const path of await mendTorn(context, credentialId).catch((error: unknown) => {
      rest = failed('', error)
      return []
    }))
      record.line('roll-back', 'roll-back.mended', { path })
    for (const sink of touched.sinks) {
      const write = { credentialId, sink, secret }
      try {
        if ((await compareSink(write)).state !== 'same') await writeSink(write, await context.writeMode(sink.path))
        record.line('roll-back', 'roll-back.sink', { path: sink.path })
      } catch (error) {
        rest ??= failed(sink.path, error)
      }
    }
  })
  return rest as Reason | null // assigned in the closure, which the compiler does not follow
}

/** Services that were asked in the proof but not made to read anything again. */
function untouched({ touched }: RotationRun): ProofTarget[] {
  const known = new Set(touched.services.map(({ id }) => id))
  return touched.asked.filter(({ id }) => !known.has(id))
}

/** Lets a service read the old secret; resolves with null when it accepts it, or will when it starts. */
async function bringBack(run: RotationRun, service: TouchedService): Promise<Reason | null> {
  const { context, control, credentialId, record } = run
  const target = context.usersOf(credentialId).find(({ id }) => id === service.id)
  if (!target) return null
  if (service.asksFirst && isOpenedBy(target) && (await acceptsOld(run, target))) {
    record.line('roll-back', 'roll-back.left-alone', { service: service.id })
    return null
  }
  const problem = await redo(run, service)
  if (!isOpenedBy(target)) return (await isBack(run, service.id, problem)) ? null : (problem?.reason ?? null)
  if (problem === null) return proveOld(run, target)
  if (await answers(target, { context, signal: never() })) return proveOld(run, target)
  const standing = await control.standing(service.id)
  switch (standing) {
    case 'stopped':
      record.line('roll-back', 'roll-back.down', {
        ...because(problem.reason),
        service: service.id,
        cause: problem.message,
      })
      return null
    case 'running':
      return proveOld(run, target)
    case 'unknown':
      return reason('rotation.waiting', { id: credentialId, service: service.id })
  }
}

/** Of a program that can only be given the secret: whether it has the old one again, or will have it when it starts. */
const isBack = async ({ control, record }: RotationRun, service: string, problem: Problem | null): Promise<boolean> => {
  if (problem === null) return true
  if ((await control.standing(service)) !== 'stopped') return false
  record.line('roll-back', 'roll-back.down', { ...because(problem.reason), service, cause: problem.message })
  return true
}

/** Does again what was done to a service. Resolves with null when it listens again, else with what is in the way. */
async function redo(run: RotationRun, { id, action }: TouchedService): Promise<Problem | null> {
  const { control, record, reportError, patienceMs } = run
  const end = performance.now() + patienceMs
  for (;;) {
    try {
      const known = action ?? (await control.effectOf(id, changedFiles(run))).action
      await control[known](id, never())
      record.line('roll-back', known === 'restart' ? 'roll-back.restarted' : 'roll-back.recreated', { service: id })
      return null
    } catch (error) {
      const isBusy = error instanceof Problem && error.id === 'service.busy'
      if (isBusy && performance.now() < end) {
        await wait(busyMs)
        continue
      }
      if (!(error instanceof Problem)) reportError(error)
      return error instanceof Problem ? error : new Problem('rotation.unexpected')
    }
  }
}

const never = () => new AbortController().signal

/** What a service says to the old secret, and the surfaces that turn it away. */
async function askOld(run: RotationRun, target: ProofTarget, patienceMs: number) {
  const { context, credentialId } = run
  const { secret, pending } = recordOf(context, credentialId)
  const secrets = { old: pending, fresh: secret }
  const refusing: string[] = []
  const { rows } = await prove({
    targets: [target],
    surfacesOf: context.surfacesOf,
    secrets,
    signal: never(),
    patienceMs,
    onRefused: (surface) => refusing.push(surface),
  })
  return { rows, refusing }
}

/** Whether a service lets the old secret in everywhere, and the new one nowhere. */
async function acceptsOld(run: RotationRun, target: ProofTarget): Promise<boolean> {
  const { rows } = await askOld(run, target, stretchMs)
  return rows.length > 0 && rows.every(({ fresh, old }) => fresh.state !== 'fail' && old.state !== 'fail')
}

/** A service that runs must accept the old secret; one that does not will read it at its start. */
async function proveOld(run: RotationRun, target: ProofTarget): Promise<Reason | null> {
  const { control, credentialId, record, patienceMs } = run
  const service = target.id
  const end = performance.now() + patienceMs
  for (;;) {
    const left = end - performance.now()
    const { rows, refusing } = await askOld(run, target, Math.max(0, Math.min(stretchMs, left)))
    const first = rows.find(({ fresh }) => fresh.state === 'fail')
    if (!first) {
      record.line('roll-back', 'roll-back.proven', { service })
      return null
    }
    if (refusing.length > 0 || (left <= 0 && first.fresh.got !== null)) {
      record.line('roll-back', 'roll-back.refused', { service })
      return reason('proof.refused', { service, surface: refusing[0] ?? first.surface })
    }
    const standing = first.fresh.got === null ? await control.standing(service) : 'running'
    if (standing === 'unknown') return reason('rotation.waiting', { id: credentialId, service })
    if (standing === 'stopped') {
      record.line('roll-back', 'roll-back.ended', { service })
      return null
    }
    if (left <= 0) return reason('proof.silent', { service, surface: first.surface })
    // What else it says may have been decided at once; the surface that is missing may come late.
    await wait(busyMs)
  }
}
