import type { GoldenRan, Health, Service } from '../../../shared/contract'
import { judgeHealth } from '../health'
import type { Operations } from '../operations'
import type { Progress } from '../progress'
import { describeService } from './describe'
import { isSettled, type GpuTurn } from './gpu-turn'
import type { Inside } from './inside'
import { endTurn, shownProbe, type Supervised } from './state'

interface Neighbours {
  inside: Pick<Inside, 'seen' | 'checks'>
  turn: Pick<GpuTurn, 'waiting'>
  operations: Pick<Operations, 'current'>
  progress: Pick<Progress, 'current'>
}

/** What a service's health is by all that is known, and the service as everybody sees it. */
export function createJudging(
  { state, options, log }: Pick<Supervised, 'state' | 'options' | 'log'>,
  { inside, turn, operations, progress }: Neighbours,
) {
  let health = judge(null)

  function judge(previous: Health | null): Health {
    const { config, life, presence, adopted } = state
    const { running, failure, probe, lastClear, misses } = life
    const unmanaged = state.runtime.unmanaged()
    const known = { running, failure, probe, lastClear, misses, presence, unmanaged, adopted, container: inside.seen() }
    const beside = { checks: inside.checks(), waiting: turn.waiting(), answered: life.reach.answered }
    const judged = judgeHealth({ ...known, ...beside, id: config.id, url: config.url, now: Date.now() }, previous)
    const proved = options.proved?.(config.id, runsNow()) ?? null
    return proved === null ? judged : { ...judged, proved }
  }

  function runsNow(): GoldenRan {
    const container = state.runtime.containers?.container() ?? null
    const probe = shownProbe(state.life)
    return {
      ...{ container: container?.id ?? null, image: container?.image ?? null, startedAt: container?.startedAt ?? null },
      ...{ pid: state.run?.pid ?? null, model: probe?.model ?? null },
      version: probe?.evidence.find((one) => one.version !== undefined)?.version ?? null,
    }
  }

  const service = (): Service =>
    describeService(state, { health, operation: operations.current(), progress: progress.current() })

  return {
    /** As last judged. */
    health: () => health,
    service,

    /** Judges anew and tells. */
    change(): void {
      health = judge(health)
      const { life } = state
      if (health.state === 'ready' && !life.wasReady) {
        life.wasReady = true
        const took =
          life.startedAt === null ? '' : ` ${((Date.now() - life.startedAt) / 1000).toFixed(1)} s after its start`
        log.panel(`Ready${took}.`)
      }
      if (life.turn && life.running.state !== 'launching' && isSettled(health)) endTurn(state)
      options.onChange(service())
    },
  }
}

export type Judging = ReturnType<typeof createJudging>
