import { oc } from '@orpc/contract'
import * as z from 'zod'
import { firstKind } from '../kinds'
import { nameable } from '../plain-text'
import { errorStatus, type ErrorCode } from '../problems'

/**
 * Who may call a procedure or is told of an event; an administrator may all. `public`: anybody who reaches the door.
 * `user`: whoever has signed in. `own`: the same, of what is his own. `shared`: the same, and of others' too while the
 * gallery is shared. `waking`: the same, of a service whose `idle.wake` lets users start it. `admin`: nobody else. What
 * somebody may not know of is not found.
 */
export type Access = 'public' | 'user' | 'own' | 'shared' | 'waking' | 'admin'

/** What every typed error carries beside its code and message. `hint` says what to do next. */
export const ProblemData = z.object({
  problem: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  hint: z.string(),
})

const errors = Object.fromEntries(
  Object.entries(errorStatus).map(([code, status]) => [code, { status, data: ProblemData }]),
) as { [C in ErrorCode]: { status: (typeof errorStatus)[C]; data: typeof ProblemData } } // fromEntries loses the keys

/**
 * `reauth`: who calls must have shown within the last minutes that it is still the same person, with or without an
 * admin password. For acts through which a secret leaves or a password changes, and for those that decide which programs
 * run, which files outside the data folder are written, and to whom a service's secret is sent. To run what was decided
 * so before (start, stop, rotate) asks nothing. A Bearer token is a proof at each call.
 */
export interface Guarding {
  access: Access
  reauth: boolean
}

/**
 * What a procedure is beside its input and output. `errors`: the kinds of Problem that are its own, beside those that
 * follow from who may call it, its path and its method (see `proceduresOf`). The API's description tells them, and
 * whatever else it answers is logged as an error.
 */
export interface ProcedureMeta extends Guarding {
  errors: readonly ErrorCode[]
  /** Set for what answers a stream of events. */
  stream?: StreamKind
  /** What its body may be, less what stands in the path; a file by its name. */
  example?: Readonly<Record<string, unknown>>
}

/**
 * What becomes of a stream that is cut. `resumes`: its events have ids, after each of which it can go on. `state`: each
 * event tells the whole state, so that a new connection misses nothing. `anew`: each connection begins again, with work
 * of its own or with as much of the past as it asks for.
 */
export type StreamKind = 'resumes' | 'state' | 'anew'

/** Kinds of Problem that many procedures have in common. */
export const gives = {
  /** The vault is closed, the disk is full, the audit log cannot be written. */
  store: ['SERVICE_UNAVAILABLE'],
  /** What a service answers, or that it does not. */
  service: ['UNPROCESSABLE_CONTENT', 'BAD_GATEWAY', 'SERVICE_UNAVAILABLE', 'GATEWAY_TIMEOUT'],
  /** What Docker's engine says of a container, or that there is no engine. */
  engine: ['CONFLICT', 'BAD_GATEWAY', 'SERVICE_UNAVAILABLE', 'GATEWAY_TIMEOUT'],
  /** What keeps a program or a Compose project from starting and ending. */
  runtime: ['CONFLICT', 'UNPROCESSABLE_CONTENT', 'BAD_GATEWAY', 'SERVICE_UNAVAILABLE', 'GATEWAY_TIMEOUT'],
} as const satisfies Record<string, readonly ErrorCode[]>

/** Starts a procedure of the contract: who may call it, what else it asks for, and which errors it can answer. */
export const procedure = (
  access: Access,
  { reauth = false, errors: own = [], ...more }: Partial<Omit<ProcedureMeta, 'access'>> = {},
) => oc.$meta<ProcedureMeta>({ access, reauth, errors: own, ...more }).errors(errors)

/** A reason below "ready", or why something failed; the renderer translates it by `problem` and `params`. */
export const ReasonSchema = ProblemData.extend({ message: z.string() })

/** A time of day as a clock on the wall shows it: `02:30`. */
export const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'not a time of day, e.g. 02:30')

/** A part of some days of each week, in the local time of Regie's machine. `to` not after `from` means the next day. */
export const WeekWindow = z.object({
  from: ClockTime,
  to: ClockTime,
  /** Days on which it begins: 1 is Monday, 7 is Sunday. */
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7),
})
export type WeekWindow = z.infer<typeof WeekWindow>

/** Unix time in milliseconds. */
export const Timestamp = z.number().int().nonnegative()

/** Ids that people choose: they become folder names and URL parts, so they stay plain. */
export const Slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,62}$/,
    'use 1 to 63 lower-case letters, digits, - and _, starting with a letter or digit',
  )
  .meta({ examples: [firstKind] })

/** A name that people give to something. What is kept may be from before some characters were refused. */
export const NewName = (max: number) =>
  z.string().trim().min(1).max(max).regex(nameable, 'one line, without characters that turn its direction')

/** Ids that Regie makes. */
export const RecordId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'not an id')
  .meta({ examples: ['0b6f6a0e-5e0c-4a53-9c0e-3f5d2a8f7c11'] })

/**
 * A card as nvidia-smi and CUDA name it: `GPU-…`, a slice of one (`MIG-…`, also `MIG-GPU-…/1/0`), or the bare UUID that
 * Jetson boards print. It goes into environments and Compose files, so nothing else may stand in it.
 */
export const GpuUuid = z
  .string()
  .max(128)
  .regex(/^(?:(?:GPU|MIG)-[\w/-]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i, 'not the UUID of a GPU')
