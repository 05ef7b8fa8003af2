import { hostname } from 'node:os'
import type { GpuReport, Machine, MachineGpus } from '../../shared/contract'
import { createMachines, localView, type Machines } from '../machines'
import { machineEntries } from '../storage/config'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'

/** The cards of Regie's own machine, as its monitor saw them last. */
function gpusOf({ state, sampledAt, gpus, reason }: GpuReport): MachineGpus {
  const isKnown = state === 'live' || (state === 'stale' && gpus.length > 0)
  const isNone = state === 'absent' || state === 'no-devices'
  return {
    ...{ state: isKnown ? 'known' : isNone ? 'none' : 'unknown', at: sampledAt, cards: gpus },
    ...(reason && { reason }),
  }
}

/** The machines: Regie's own, and those that are attached. */
export function buildMachines(
  { options, redact, reportBug, closing }: Base,
  { audit }: Secrets,
  { engine, compose, gpus }: WatchedMachine,
): Machines {
  const local = (): Machine => localView({ name: hostname(), engine, gpus: gpusOf(gpus.last()) })
  return closing.keep(
    createMachines({
      ...{ redact, reportBug, local, localEngine: engine },
      store: machineEntries(options.config),
      composeProgram: () => compose.program().catch(() => null),
      localGpus: async () => gpusOf(await gpus.report()),
      auditFirst: (entry) => audit.appendFirst(entry),
    }),
  )
}
