import { randomUUID } from 'node:crypto'
import type { RotationRound } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { Serial } from '../../async/serial'
import { createWake } from '../../async/wake'
import type { CredentialsContext } from '../../credentials/context'
import { recordOf } from '../../credentials/credentials'
import type { Rotations } from '../rotation'
import type { Clock } from './clock'
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

/** Rotates several credentials, one after the other; what fails with one does not keep the next from its turn. */
export function createRounds(ports: RoundPorts) {
  const { context, rotations, loadOf, guard, clock, inTurn, reportError } = ports
  let round: RotationRound | null = null
  let running: Promise<void> = Promise.resolve()
  const { wake, reader } = createWake()

  const change = (part: Partial<RotationRound>) => {
    if (!round) return
    round = { ...round, ...part }
    context.publish({ type: 'rotation-round', round: structuredClone(round) })
  }
  const changeItem = (id: string, item: Partial<Item>) =>
    change({ items: round?.items.map((one) => (one.credentialId === id ? { ...one, ...item } : one)) ?? [] })
  const isStopping = () => round?.state !== 'running'

  /** Resolves with true when nothing runs on its services; with false when the round was stopped before. */
  const untilIdle = async (id: string): Promise<boolean> => {
    const woken = reader()
    for (;;) {
      if (isStopping()) return false
      const load = await loadOfCredential(context, id, loadOf)
      if (load.state !== 'not-now') return true
      changeItem(id, { state: 'waiting-idle', reason: load.reason })
      const cancel = clock.after(retryMs, wake)
      await woken()
      cancel()
    }
  }

  /** Rotates one, and again where a service became busy at the last moment; resolves with how it ended. */
  const rotateOne = async (id: string, { who, whenIdle }: Options): Promise<Partial<Item>> => {
    for (;;) {
      if (whenIdle && !(await untilIdle(id))) return { state: 'skipped' }
      const operationId = randomUUID()
      changeItem(id, { state: 'running', rotationId: operationId })
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

  const run = async (ids: readonly string[], options: Options) => {
    for (const id of ids) {
      if (isStopping()) {
        changeItem(id, { state: 'skipped' })
        continue
      }
      try {
        changeItem(id, await rotateOne(id, options))
      } catch (error) {
        // One that was deleted meanwhile, or a bug: the others still have their turn.
        if (!(error instanceof Problem)) reportError(error)
        const why = error instanceof Problem ? error : new Problem('rotation.unexpected')
        changeItem(id, { state: 'refused', reason: why.reason })
      }
    }
    const states = round?.items.map(({ state }) => state) ?? []
    const details = {
      round: round?.id ?? '',
      committed: states.filter((state) => state === 'committed').length,
      of: states.length,
    }
    await context.audit
      .append({ who: options.who, action: 'rotation.round-ended', target: '', details })
      .catch(reportError)
    change({ state: 'ended', finishedAt: clock.now() })
  }

  return {
    current: () => round,
    async start({ ids, whenIdle, who }: { ids: readonly string[]; whenIdle: boolean; who: string }) {
      if (round && round.state !== 'ended') throw new Problem('rotation.round-running')
      for (const id of ids) recordOf(context, id)
      round = {
        id: randomUUID(),
        state: 'running',
        startedAt: clock.now(),
        finishedAt: null,
        startedBy: who,
        whenIdle,
        items: ids.map((credentialId) => ({ credentialId, state: 'waiting', rotationId: null })),
      }
      const started = round
      const details = { round: started.id, credentials: ids.length }
      try {
        await context.audit.append({ who, action: 'rotation.round-started', target: '', details })
      } catch (error) {
        round = null
        throw error
      }
      change({})
      running = run(ids, { who, whenIdle }).catch(reportError)
      return started
    },
    stop(): RotationRound {
      if (!round || round.state === 'ended') throw new Problem('rotation.round-none')
      change({ state: 'stopping' })
      wake()
      return round
    },
    /** Something ended on a service: one that waits looks again. */
    wake,
    /** Ends after the rotation that runs; what cancels that one does so quicker. */
    async close() {
      if (round && round.state === 'running') change({ state: 'stopping' })
      wake()
      await running
    },
  }
}
