import { oc } from '@orpc/contract'
import * as z from 'zod'
import { errorStatus, type ErrorCode } from '../problems'

/** Who may call a procedure: anybody who reaches the door, a signed-in user, or an administrator. */
export type Access = 'public' | 'user' | 'admin'

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

/** Starts a procedure of the contract: who may call it, and the typed errors that all share. */
export const procedure = (access: Access, { reauth = false }: { reauth?: boolean } = {}) =>
  oc.$meta<Guarding>({ access, reauth }).errors(errors)

/** A reason below "ready", or why something failed; the renderer translates it by `problem` and `params`. */
export const ReasonSchema = ProblemData.extend({ message: z.string() })

/** Unix time in milliseconds. */
export const Timestamp = z.number().int().nonnegative()

/** Ids that people choose: they become folder names and URL parts, so they stay plain. */
export const Slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,62}$/,
    'use 1 to 63 lower-case letters, digits, - and _, starting with a letter or digit',
  )

/** Ids that Regie makes. */
export const RecordId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'not an id')

/**
 * A card as nvidia-smi and CUDA name it: `GPU-…`, a slice of one (`MIG-…`, also `MIG-GPU-…/1/0`), or the bare UUID that
 * Jetson boards print. It goes into environments and Compose files, so nothing else may stand in it.
 */
export const GpuUuid = z
  .string()
  .max(128)
  .regex(/^(?:(?:GPU|MIG)-[\w/-]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i, 'not the UUID of a GPU')
