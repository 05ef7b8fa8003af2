import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { gives, procedure, ReasonSchema, Timestamp } from './base'

const reading = z.number().nullable()

const GpuProcess = z.object({
  pid: z.number().int(),
  name: z.string(),
  /** null where the driver does not tell (Windows, WSL2). */
  memoryMiB: reading,
  /** The service it belongs to, when it could be matched. */
  serviceId: z.string().nullable(),
})
export type GpuProcess = z.infer<typeof GpuProcess>

/** Who holds a part of a card's memory. */
const GpuHolder = z.object({
  /**
   * `service`: one of Regie's. `container`: another container. `program`: any other program. `wsl`: Linux under Windows,
   * beside the services in it. `rest`: what nobody can be named for.
   */
  kind: z.enum(['service', 'container', 'program', 'wsl', 'rest']),
  /** The service's id, the container's or the program's name; empty for the rest. */
  id: z.string(),
  mib: z.number(),
  /** What of that is no model and no work: the driver's context and what the program keeps for itself; null: not known. */
  contextMiB: z.number().nullable(),
  /** By what it is known. */
  from: z.enum(['process', 'service', 'counter', 'rest']),
  pids: z.array(z.number().int()),
  /** For the rest: programs on the card of which nobody tells what they hold. */
  names: z.array(z.string()),
})
export type GpuHolder = z.infer<typeof GpuHolder>

/** One GPU; null means unknown and is never shown as 0. Keyed by uuid: index orders differ between programs. */
export const Gpu = z.object({
  /** As nvidia-smi counts: PCI bus order. CUDA may count otherwise. */
  index: z.number().int(),
  uuid: z.string(),
  name: z.string(),
  busId: z.string().nullable(),
  driverVersion: z.string().nullable(),
  /** What the card can compute, e.g. `8.6`; null where the driver does not tell: not all before 2021 do. */
  computeCapability: z.string().nullable(),
  utilizationPct: reading,
  memoryUtilizationPct: reading,
  memoryUsedMiB: reading,
  memoryTotalMiB: reading,
  memoryFreeMiB: reading,
  temperatureC: reading,
  powerW: reading,
  powerLimitW: reading,
  fanPct: reading,
  clockSmMHz: reading,
  clockMemMHz: reading,
  pstate: z.string().nullable(),
  computeMode: z.string().nullable(),
  migMode: z.string().nullable(),
  /** Why its driver holds its clock down though there is work, worst first; left out where that is not known. */
  slowedBy: z.array(z.enum(['power-brake', 'heat', 'hardware'])).optional(),
  /** What is wrong with this card, in place of values or beside them. */
  warning: ReasonSchema.optional(),
  processes: z.array(GpuProcess),
  /** Who holds its memory, services first, largest first, the rest last; left out where that was not reckoned. */
  holders: z.array(GpuHolder).optional(),
})
export type Gpu = z.infer<typeof Gpu>

/** What users get in place of a `Gpu`: its figures, and which service holds how much, not which programs run. */
export const UserGpu = Gpu.extend({
  processes: z.array(GpuProcess.extend({ name: z.string().transform(() => '') })),
  holders: z
    .array(
      GpuHolder.transform((holder) => ({
        ...holder,
        names: [],
        id: holder.kind === 'service' ? holder.id : '',
      })),
    )
    .optional(),
})

export const GpuReport = z.object({
  /** `stale`: the last sample is old; the reason says why. `absent`: no driver or no program. */
  state: z.enum(['starting', 'live', 'stale', 'absent', 'no-devices']),
  sampledAt: Timestamp.nullable(),
  reason: ReasonSchema.optional(),
  gpus: z.array(Gpu),
})
export type GpuReport = z.infer<typeof GpuReport>

/** The program that is asked about the GPUs, and who named it. */
export const GpuProgram = z.object({
  /** Named in Regie's settings; null: not named there. */
  setting: z.string().nullable(),
  /** Named by the variable REGIE_NVIDIA_SMI; counts where the settings name none. */
  environment: z.string().nullable(),
  /** The program that is run now; null where there is none, and the reason says why. */
  inUse: z.string().nullable(),
  reason: ReasonSchema.optional(),
})
export type GpuProgram = z.infer<typeof GpuProgram>

const tags = ['gpus']

export const gpus = {
  list: procedure('user')
    .route({ method: 'GET', path: '/gpus', tags, summary: 'The last sample of every GPU' })
    .output(z.array(Gpu)),
  report: procedure('user')
    .route({ method: 'GET', path: '/gpus/report', tags, summary: 'The last sample with its state and reason' })
    .output(GpuReport),
  watch: procedure('user', { stream: 'state' })
    .route({ method: 'GET', path: '/gpus/stream', tags, summary: 'Every new sample, about one a second' })
    .output(eventIterator(GpuReport)),
  program: procedure('admin')
    .route({ method: 'GET', path: '/gpus/program', tags, summary: 'The program that is asked about the GPUs' })
    .output(GpuProgram),
  setProgram: procedure('admin', {
    reauth: true,
    errors: ['UNPROCESSABLE_CONTENT', ...gives.store],
    example: { program: '/usr/bin/nvidia-smi' },
  })
    .route({
      method: 'PUT',
      path: '/gpus/program',
      tags,
      summary: 'Ask this program in place of nvidia-smi, or null for the one that Regie finds',
      description: 'It is run as the user that Regie runs as, without arguments of the caller. Noted in the audit log.',
    })
    .input(z.object({ program: z.string().min(1).max(4096).nullable() }))
    .output(z.object({ program: GpuProgram, report: GpuReport })),
}
