import type { Health, Operation, OperationProgress, Service } from '../../../shared/contract'
import { idleOf } from '../../../shared/service-idle'
import type { CutPlaces } from '../../logs/cutting'
import { createLineSplitter } from '../../logs/lines'
import type { Log } from '../../logs/log'
import type { OutputSink } from '../runtimes/runtime'
import { revisionOf } from '../registry'
import { describeReach } from '../unreachable'
import { shownProbe, type SupervisorState } from './state'

interface Doing {
  health: Health
  operation: Operation | null
  progress: OperationProgress | null
}

/** The service as everybody sees it. */
export function describeService(
  { config, runtime, life, run, adopted, pending, pendingUnknown }: SupervisorState,
  { health, operation, progress }: Doing,
): Service {
  const isReached = health.state !== 'unreachable'
  const probe = isReached ? shownProbe(life) : null
  return {
    id: config.id,
    revision: revisionOf(config),
    ...(config.name === undefined ? {} : { name: config.name }),
    tags: config.tags ?? [],
    ...(config.order === undefined ? {} : { order: config.order }),
    idle: idleOf(config),
    muted: config.muted ?? false,
    kind: config.kind,
    runtime: config.runtime,
    url: config.url,
    credentialId: config.credentialId ?? null,
    ...(config.gpuUuid === undefined ? {} : { gpu: { uuid: config.gpuUuid } }),
    health,
    operation,
    adopted,
    pid: run?.pid ?? null,
    model: probe?.model ?? null,
    queue: probe?.queue ?? null,
    ...(isReached ? {} : { lastReach: describeReach(life.reach) }),
    ...(config.process ? { process: config.process } : {}),
    ...(config.compose ? { compose: config.compose } : {}),
    ...(config.gateway ? { gateway: config.gateway } : {}),
    progress: operation === null ? null : progress,
    container: runtime.containers?.container() ?? null,
    pending,
    ...(pendingUnknown && { pendingUnknown }),
  }
}

/** Takes a program's output into the log, line by line. */
export function outputInto(log: Log, places: CutPlaces): OutputSink {
  const splitters = { stdout: createLineSplitter(places), stderr: createLineSplitter(places) }
  return {
    push: (stream, chunk) => log.output(stream, splitters[stream].push(chunk)),
    end: (stream) => log.output(stream, splitters[stream].end()),
  }
}
