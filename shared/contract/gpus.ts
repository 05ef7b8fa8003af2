import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { gives, procedure, ReasonSchema, Timestamp } from './base'
import { TimelineEntry } from './timeline'

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

/** Why a driver holds a clock down, in the order of NVML's bits; each is told in words by the page. */
export const clockReasons = [
  /** There is no work. */
  'idle',
  /** Somebody has set its clocks. */
  'set-clocks',
  /** Its power limit. */
  'power-limit',
  /** A slowdown by the hardware, which says no more. */
  'hardware',
  /** It keeps pace with other cards. */
  'sync-boost',
  /** Heat, seen by the driver. */
  'heat',
  /** Heat, seen by the card itself. */
  'heat-hardware',
  /** The power supply's brake. */
  'power-brake',
  /** A display's clock. */
  'display',
] as const
const ClockReasonSchema = z.enum(clockReasons)
export type ClockReason = z.infer<typeof ClockReasonSchema>

/** What a card is set to and joined by; null: the driver does not tell. */
export const GpuHardware = z.object({
  /** Generation and lanes of its link: an idle card takes a slower one. */
  pcieGen: reading,
  pcieGenMax: reading,
  pcieWidth: reading,
  pcieWidthMax: reading,
  eccMode: z.string().nullable(),
  /** Errors of its memory since the driver was loaded. */
  eccCorrected: reading,
  eccUncorrected: reading,
  clockSmMaxMHz: reading,
  clockMemMaxMHz: reading,
  powerDefaultLimitW: reading,
  powerMinLimitW: reading,
  powerMaxLimitW: reading,
  /** The limit that counts now, whoever set it. */
  powerEnforcedLimitW: reading,
})
export type GpuHardware = z.infer<typeof GpuHardware>

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
  /** Every reason for which its clock is held down, also those that are no fault; left out where that is not known. */
  clockReasons: z.array(ClockReasonSchema).optional(),
  hardware: GpuHardware.optional(),
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

/** A measure in each point: lowest, mean and highest; null where it is not known, which is never 0. */
export const GpuBand = z.object({ low: z.array(reading), mean: z.array(reading), high: z.array(reading) })
export type GpuBand = z.infer<typeof GpuBand>

/** A stretch in which a card was slowed by a fault, and all that held its clock down. */
export const GpuSlowed = z.object({ from: Timestamp, to: Timestamp, reasons: z.array(ClockReasonSchema) })
export type GpuSlowed = z.infer<typeof GpuSlowed>

/** A stretch without a reading. `no-reading`: the card did not answer while others did, or nobody knows why. */
export const GpuGap = z.object({
  from: Timestamp,
  to: Timestamp,
  why: z.enum([
    ...['regie-off', 'machine-off', 'asleep', 'clock', 'no-driver', 'no-answer'],
    ...['no-reading', 'not-recorded'],
  ] as const),
  reason: ReasonSchema.optional(),
})
export type GpuGap = z.infer<typeof GpuGap>

/** What a card measured between two moments, in points of one width. */
export const GpuFigures = z.object({
  uuid: z.string(),
  name: z.string(),
  memoryTotalMiB: reading,
  powerLimitW: reading,
  /** When the first point begins. */
  from: Timestamp,
  to: Timestamp,
  /** How wide each point is, in ms. */
  stepMs: z.number().int(),
  /** When each point begins. */
  times: z.array(Timestamp),
  /** In percent. */
  load: GpuBand,
  /** In MiB. Of memory, temperature and fan the highest of each interval is kept, of load, power and clock the mean. */
  memory: GpuBand,
  /** In °C. */
  temperature: GpuBand,
  /** In watts. */
  power: GpuBand,
  /** In MHz. */
  clock: GpuBand,
  /** In percent. */
  fan: GpuBand,
  slowed: z.array(GpuSlowed),
  gaps: z.array(GpuGap),
  totals: z.object({
    /** Null where the card does not tell its power. */
    energyWh: reading,
    hottest: z.object({ at: Timestamp, celsius: z.number() }).nullable(),
    slowedMs: z.number().int(),
    /** For how long there are readings. */
    knownMs: z.number().int(),
  }),
})
export type GpuFigures = z.infer<typeof GpuFigures>

/** When a service of this card had jobs; `jobs`: so many began. */
const GpuWork = z.object({
  serviceId: z.string(),
  spans: z.array(z.object({ from: Timestamp, to: Timestamp, jobs: z.number().int() })),
})

export const GpuHistory = GpuFigures.extend({
  /** A row for each service of this card. */
  work: z.array(GpuWork),
  /** What happened to these services, oldest first; for administrators. */
  events: z.array(
    TimelineEntry.pick({ at: true, serviceId: true, kind: true, name: true, exitCode: true, reason: true }),
  ),
})
export type GpuHistory = z.infer<typeof GpuHistory>

export interface GpuHistoryQuery {
  uuid: string
  from?: number | undefined
  to?: number | undefined
  points: number
}

const tags = ['gpus']

/** The longest stretch that is told at once, in ms: all that is kept. */
const longest = 31 * 86_400_000

/** The last moment that a date can have. */
const Moment = Timestamp.max(8.64e15)

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
  history: procedure('user', { errors: ['NOT_FOUND'] })
    .route({
      method: 'GET',
      path: '/gpus/{uuid}/history',
      tags,
      summary: 'What a card measured, when its services worked, and what happened to them',
      description:
        'Kept: each second for 2 hours while somebody looked, a job ran or an alert was near; else, and for 6 hours, ten ' +
        'seconds; minutes for 30 days.',
    })
    .input(
      z
        .object({
          uuid: z.string().max(200),
          /** Left out: an hour before `to`. */
          from: Moment.optional(),
          /** Left out: now. */
          to: Moment.optional(),
          /** So many at most. */
          points: z.number().int().min(10).max(2000).default(400),
        })
        .refine(({ from, to }) => from === undefined || to === undefined || from < to, 'from does not lie before to')
        .refine(({ from, to }) => from === undefined || (to ?? Date.now()) - from <= longest, 'at most 31 days'),
    )
    .output(GpuHistory),
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
