import { randomUUID } from 'node:crypto'
import type { RotationRound } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { Serial } from '../../async/serial'
import { createWake } from '../../async/wake'
import type { CredentialsContext } from '../../credentials/context'
import { recordOf } from '../../credentials/credentials'
import type { Rotations } from '../rotation'
import type { Clock } from '../../async/clock'
import { retryMs } from './decide'
import type { Guard } from './guard'
import { loadOfCredential, type LoadOf } from './load'

export interface RoundPorts {
  context: CredentialsContext
  rotations: Pick<Rotations, 'rotate' | 'last'>
  loadOf: LoadOf
  guard: Guard
  clock: Clock
  /** One rotation after the other: services may share a GPU. */
  inTurn: Serial
  reportError: (error: unknown) => void
}

type Item = RotationRound['items'][number]

interface Options {
  who: string
  whenIdle: boolean
}

/** The round that runs, or the last; each change is told. */
function createCurrent({ publish }: Pick<CredentialsContext, 'publish'>) {
  let round: RotationRound | null = null
  const change = (part: Partial<RotationRound>) => {
    if (!round) return
    round = { ...round, ...part }
    publish({ type: 'rotation-round', round: structuredClone(round) })
  }
  return {
    get: () => round,
    set: (next: RotationRound | null) => void (round = next),
    change,
    changeItem: (id: string, item: Partial<Item>) =>
      change({ items: round?.items.map((one) => (one.credentialId === id ? { ...one, ...item } : one)) ?? [] }),
    isStopping: () => round?.state !== 'running',
  }
}

type Current = ReturnType<typeof createCurrent>
type Round = RoundPorts & { current: Current } & Pick<ReturnType<typeof createWake>, 'wake' | 'reader'>

/** Resolves with true when nothing runs on its services; with false when the round was stopped before. */
async function untilIdle({ context, loadOf, clock, current, wake, reader }: Round, id: string): Promise<boolean> {
  const woken = reader()
  for (;;) {
    if (current.isStopping()) return false
    const load = await loadOfCredential(context, id, loadOf)
    if (load.state !== 'not-now') return true
    current.changeItem(id, { state: 'waiting-idle', reason: load.reason })
    const cancel = clock.after(retryMs, wake)
    await woken()
    cancel()
  }
}

/** Rotates one, and again where a service became busy at the last moment; resolves with how it ended. */
async function rotateOne(round: Round, id: string, { who, whenIdle }: Options): Promise<Partial<Item>> {
  const { context, rotations, guard, inTurn, current } = round
  for (;;) {
    if (whenIdle && !(await untilIdle(round, id))) return { state: 'skipped' }
    const operationId = randomUUID()
    current.changeItem(id, { state: 'running', rotationId: operationId })
    const services = whenIdle ? context.usersOf(id).map((user) => user.id) : []
    try {
      await inTurn(() => guard.during(services, () => rotations.rotate({ id, who, operationId })))
      return { state: 'committed' }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const ended = rotations.last(id)
      if (ended?.id !== operationId || ended.state === 'running' || ended.state === 'committed')
        return { state: 'refused', rotationId: null, reason: error.reason }
      const isPostponed = whenIdle && ended.reason?.problem === 'rotation.service-busy'
      if (!isPostponed) return { state: ended.state, reason: ended.reason ?? error.reason }
    }
  }
}

async function rotateEach(round: Round, ids: readonly string[], options: Options): Promise<void> {
  const { context, clock, current, reportError } = round
  for (const id of ids) {
    if (current.isStopping()) {
      current.changeItem(id, { state: 'skipped' })
      continue
    }
    try {
      current.changeItem(id, await rotateOne(round, id, options))
    } catch (error) {
      // One that was deleted meanwhile, or a bug: the others still have their turn.
      if (!(error instanceof Problem)) reportError(error)
      const why = error instanceof Problem ? error : new Problem('rotation.unexpected')
      current.changeItem(id, { state: 'refused', reason: why.reason })
    }
  }
  const { id = '', items = [] } = current.get() ?? {}
  const committed = items.filter(({ state }) => state === 'committed').length
  const details = { round: id, committed, of: items.length }
  await context.audit
    .append({ who: options.who, action: 'rotation.round-ended', target: '', details })
    .catch(reportError)
  current.change({ state: 'ended', finishedAt: clock.now() })
}

/** Rotates several credentials, one after the other; what fails with one does not keep the next from its turn. */
export function createRounds(ports: RoundPorts) {
  const { context, clock } = ports
  const current = createCurrent(context)
  const { wake, reader } = createWake()
  let running: Promise<void> = Promise.resolve()

  return {
    current: current.get,
    async start({ ids, whenIdle, who }: { ids: readonly string[]; whenIdle: boolean; who: string }) {
      const before = current.get()
      if (before && before.state !== 'ended') throw new Problem('rotation.round-running')
      for (const id of ids) recordOf(context, id)
      const round: RotationRound = {
        id: randomUUID(),
        state: 'running',
        startedAt: clock.now(),
        finishedAt: null,
        startedBy: who,
        whenIdle,
        items: ids.map((credentialId) => ({ credentialId, state: 'waiting', rotationId: null })),
      }
      current.set(round)
      const details = { round: round.id, credentials: ids.length }
      try {
        await context.audit.append({ who, action: 'rotation.round-started', target: '', details })
      } catch (error) {
        current.set(null)
        throw error
      }
      current.change({})
      running = rotateEach({ ...ports, current, wake, reader }, ids, { who, whenIdle }).catch(ports.reportError)
      return round
    },
    stop(): RotationRound {
      const round = current.get()
      if (!round || round.state === 'ended') throw new Problem('rotation.round-none')
      current.change({ state: 'stopping' })
      wake()
      return current.get() ?? round
    },
    /** Something ended on a service: one that waits looks again. */
    wake,
    /** Ends after the rotation that runs; what cancels that one does so quicker. */
    async close() {
      if (current.get()?.state === 'running') current.change({ state: 'stopping' })
      wake()
      await running
    },
  }
}
