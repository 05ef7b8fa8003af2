import type { GpuReport } from '../../shared/contract'
import { createListeners } from '../async/listeners'
import { createCompose } from '../compose/program'
import { createEngine } from '../docker/create-engine'
import { GpuMonitor, createGpuProgramChoice, namedPrograms, quickMs } from '../gpu'
import type { Services } from '../services'
import { dockerAddress, gpuProgram } from '../storage/config'
import { readMachine } from '../system/machine'
import { createTimeline } from '../timeline'
import type { Base } from './base'
import { createHolding } from './holders'
import type { Secrets } from './secrets'

/** What Regie sees of this machine: Docker with Compose, what happens there, and the GPUs. */
export function watchMachine(
  { options, paths, redact, publish, listen, reportBug, leftBehind, closing }: Base,
  { audit }: Secrets,
  services: () => Services,
) {
  const engine = closing.keep(
    createEngine({
      address: dockerAddress(options.config),
      redact,
      composeProgram: () => compose.program().catch(() => null),
      reportBug,
    }),
  )
  engine.onChange((change) => {
    if (change.type === 'status') publish({ type: 'engine', engine: change.status })
  })
  const compose = createCompose({ engine, redact, known: () => services().composeServices(), notes: leftBehind })
  const timeline = closing.keep(createTimeline({ file: paths.timeline, engine, publish, listen, redact, reportBug }))

  const machine = readMachine()
  const store = gpuProgram(options.config)
  const named = namedPrograms(store)
  const reports = createListeners<[report: GpuReport, stepMs: number]>(reportBug)
  const ending = new AbortController()
  closing.add(() => ending.abort())
  const holding = createHolding({
    ...{ machine, services, engine, reportBug },
    ...{ readers: () => gpus.readers(), closing: ending.signal },
  })
  // While nobody looks processes are not asked for: what a service holds would be of some time before.
  reports.on((report, stepMs) => {
    if (stepMs !== quickMs) return
    services().observeGpus(report)
    holding.observe(report)
  })
  const gpus: GpuMonitor = closing.keep(
    new GpuMonitor({
      ...{ named, machine },
      pidToService: (pid) => services().ownerOf(pid),
      holders: (all) => holding.holders(all),
      onReport: reports.tell,
    }),
  )
  const gpuChoice = createGpuProgramChoice({
    ...{ store, named, machine, monitor: gpus },
    auditFirst: (entry) => audit.appendFirst(entry),
  })
  return { onGpus: reports.on, engine, compose, timeline, gpus, gpuProgram: gpuChoice }
}

export type WatchedMachine = ReturnType<typeof watchMachine>
