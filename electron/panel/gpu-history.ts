import { uptime } from 'node:os'
import type { GpuHistory as Answer } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { PanelParts } from '../api/context'
import type { AttentionList } from '../attention'
import { systemClock } from '../async/clock'
import { coalesce } from '../async/coalesce'
import type { Generations } from '../generation'
import { openGpuHistory, type GpuHistory } from '../gpu-history'
import { gpuOf } from '../services/start-order'
import type { OpenTrials } from '../trial/open'
import type { Usage } from '../usage'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { BuiltServices } from './services'

interface Parts {
  services: BuiltServices['services']
  generations: Pick<Generations, 'pendingOn'>
  trials: Pick<OpenTrials, 'on'>
  usage: Pick<Usage, 'on' | 'onJobs'>
  attention: Pick<AttentionList, 'areCardsWarned'>
}

/** Recording begins so long after the start, in ms: what somebody waits for comes first. */
const startMs = 3_000

/** So many of the last events of a card's services are told. */
const mostEvents = 500

/** What a chart of a card has marks for. */
const shown = new Set([
  ...['started', 'ready', 'stopped', 'ended', 'crashed', 'oom', 'paused', 'resumed'],
  ...['recreated', 'removed', 'unloaded', 'unhealthy'],
])

/** Has a sample taken each second while a job runs or a card is at a limit. */
function createPace({ gpus, onGpus }: Pick<WatchedMachine, 'gpus' | 'onGpus'>, isBusy: () => boolean) {
  let release: (() => void) | null = null
  const look = () => {
    if (isBusy()) release ??= gpus.need()
    else {
      release?.()
      release = null
    }
  }
  const stop = onGpus(look)
  return {
    look,
    close() {
      stop()
      release?.()
    },
  }
}

/** Tells the history which jobs each service has. Of a generation's many events only those count that change that. */
function followWork(
  { listen }: Pick<Base, 'listen'>,
  { services, generations, trials, usage }: Omit<Parts, 'attention'>,
  changed: (serviceId: string, jobs: readonly string[]) => void,
): () => void {
  const states = new Map<string, string>()
  const tell = (serviceId: string) => {
    const studio = generations.pendingOn(serviceId).filter(({ state }) => state === 'running')
    changed(serviceId, [...[...usage.on(serviceId), ...studio].map(({ id }) => id), ...trials.on(serviceId)])
  }
  const stops = [
    usage.onJobs(tell),
    listen((event) => {
      if (event.type === 'service-removed') changed(event.id, [])
      if (event.type !== 'generation') return
      const { id, state, serviceId } = event.generation
      if (states.get(id) === state) return
      states.set(id, state)
      if (state !== 'queued' && state !== 'running') states.delete(id)
      tell(serviceId)
    }),
  ]
  for (const { id } of services.list()) tell(id)
  return () => stops.forEach((stop) => stop())
}

/** What happened to services between two moments, oldest first. */
async function eventsOf(
  timeline: Pick<WatchedMachine['timeline'], 'between'>,
  ids: readonly string[],
  from: number,
  to: number,
): Promise<Answer['events']> {
  const all = await Promise.all(ids.map((id) => timeline.between(id, from, to)))
  return all
    .flat()
    .filter(({ kind }) => shown.has(kind))
    .map(({ at, serviceId, kind, name, exitCode, reason }) => ({ at, serviceId, kind, name, exitCode, reason }))
    .sort((a, b) => a.at - b.at)
    .slice(-mostEvents)
}

/** What the GPUs did: recorded from the start on, whoever looks. */
export function buildGpuHistory(base: Base, machine: WatchedMachine, parts: Parts): PanelParts['gpuHistory'] {
  const { paths, reportBug, closing } = base
  const { gpus, onGpus, timeline } = machine
  const { services } = parts
  let history: GpuHistory | null = null
  let stopWork = () => {}
  const busy = new Set<string>()
  const pace = createPace(machine, () => busy.size > 0 || parts.attention.areCardsWarned())

  const open = coalesce(async () => {
    if (history) return history
    const opened = await openGpuHistory({ file: paths.gpuHistory, failed: reportBug, uptimeMs: () => uptime() * 1000 })
    history = opened
    stopWork = followWork(base, parts, (serviceId, jobs) => {
      opened.working(serviceId, jobs)
      if (jobs.length > 0) busy.add(serviceId)
      else busy.delete(serviceId)
      pace.look()
    })
    return opened
  })
  const stopTaking = onGpus((report, stepMs) => history?.take(report, stepMs))
  let stopWaiting = () => {}
  closing.add(() => {
    stopWaiting()
    stopTaking()
    stopWork()
    pace.close()
    history?.close()
  })

  return {
    async read({ uuid, to = Date.now(), from = Math.max(0, to - 3_600_000), points }) {
      const kept = await open()
      const figures = kept.read(uuid, { from, to: Math.max(to, from + 10_000), points })
      if (!figures) throw new Problem('gpu.no-history', { uuid })
      const ids = services
        .configs()
        .filter((config) => gpuOf(config, gpus.last().gpus) === uuid)
        .map(({ id }) => id)
      const work = ids.map((serviceId) => ({
        serviceId,
        spans: kept
          .workOf(serviceId, figures.from, figures.to)
          .map((span) => ({ from: span.from, to: span.to, jobs: span.jobs })),
      }))
      return { ...figures, work, events: await eventsOf(timeline, ids, figures.from, figures.to) }
    },
    begin() {
      stopWaiting = systemClock.after(startMs, () => {
        void open().then(() => gpus.keepOn(), reportBug)
      })
    },
  }
}
