import * as z from 'zod'
import { procedure, ReasonSchema, Slug, Timestamp } from './base'
import { ServiceKind } from './service-config'

/** An address of this machine from which a service is asked. */
export const ExposureOrigin = z.object({
  /** As dialled, e.g. `127.0.0.1` or `192.168.1.20`. */
  address: z.string(),
  family: z.union([z.literal(4), z.literal(6)]),
  /** `machine`: an address that other machines can reach too. */
  scope: z.enum(['loopback', 'machine']),
  /** Whether anything accepts connections there; null while it was not tried. */
  answers: z.boolean().nullable(),
})
export type ExposureOrigin = z.infer<typeof ExposureOrigin>

/**
 * `guarded`: it lets no stranger in. `open`: it answers strangers, and is meant to. `exposed`: it answers strangers, and
 * must not. `absent`: there is no such route. `unclear`: the answer proves nothing.
 */
export const ExposureVerdict = z.enum(['guarded', 'open', 'exposed', 'absent', 'unreachable', 'unclear'])
export type ExposureVerdict = z.infer<typeof ExposureVerdict>

/**
 * What a surface gives away. `control`: pictures, the queue, the whole backend. `data`: saved workflows and settings.
 * `facts`: versions, lists, load.
 */
export const ExposureStake = z.enum(['control', 'data', 'facts'])
export type ExposureStake = z.infer<typeof ExposureStake>

export const ExposureCell = z.object({
  /** Position in `origins`. */
  origin: z.number().int().nonnegative(),
  /** What came back in protocol terms, e.g. `401`, `302 /login`, `ECONNREFUSED`; empty while it was not asked. */
  got: z.string(),
  verdict: ExposureVerdict.nullable(),
  tookMs: z.number().nonnegative().nullable(),
})
export type ExposureCell = z.infer<typeof ExposureCell>

export const ExposureRow = z.object({
  id: z.string(),
  /** As sent, e.g. `GET /system_stats`. */
  surface: z.string(),
  /** What the surface is for; the renderer has the words. */
  purpose: z.enum([
    'api',
    'alias',
    'ui',
    'socket',
    'images',
    'upload',
    'user-data',
    'exempt',
    'login',
    'internal',
    'docs',
  ]),
  stake: ExposureStake,
  /** What it was asked with. */
  with: z.enum(['nothing', 'empty-token', 'wrong-token']),
  /** What a safe service answers: a refusal, or, where no flag of the program guards it, anything. */
  expected: z.enum(['refusal', 'anything']),
  cells: z.array(ExposureCell),
})
export type ExposureRow = z.infer<typeof ExposureRow>

export const ExposureGrade = z.enum(['A', 'B', 'C', 'D', 'E', 'F'])
export type ExposureGrade = z.infer<typeof ExposureGrade>

/** Where a service listens, as it is and as its files ask. */
export const ExposureBinding = z.object({
  /** From the engine's ports, the system's listening sockets, or only from what answered. */
  source: z.enum(['container', 'sockets', 'answers']),
  live: z.array(z.string()),
  /** What the Compose files ask for; null where there are none. */
  file: z.array(z.string()).nullable(),
  reach: z.enum(['this-machine', 'network', 'unknown']),
  /** Other ports that the container publishes; they are not asked. */
  otherPorts: z.array(z.string()),
})
export type ExposureBinding = z.infer<typeof ExposureBinding>

/** One finding of a test, with the grade that it alone would give. */
export const ExposureFinding = z.object({ grade: ExposureGrade, reason: ReasonSchema, rows: z.array(z.string()) })
export type ExposureFinding = z.infer<typeof ExposureFinding>

export const ExposureTest = z.object({
  serviceId: z.string(),
  kind: ServiceKind,
  url: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** What it was run for. */
  trigger: z.enum(['asked', 'start', 'rotation']),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  progress: z.object({ done: z.number().int(), total: z.number().int() }),
  origins: z.array(ExposureOrigin),
  rows: z.array(ExposureRow),
  binding: ExposureBinding.nullable(),
  /** The worst finding's; null while it runs, or when nothing could be asked. */
  grade: ExposureGrade.nullable(),
  findings: z.array(ExposureFinding),
  /** Why there is no grade. */
  reason: ReasonSchema.optional(),
})
export type ExposureTest = z.infer<typeof ExposureTest>

const one = z.object({ id: Slug })

/** The procedures under their paths. `all`: of every service's last test; `ofOne`: of one service's. */
const at = (all: `/${string}`, ofOne: `/services/{id}/${string}`, about: { tags: string[]; deprecated?: boolean }) => ({
  list: procedure('admin')
    .route({ ...about, method: 'GET', path: all, summary: 'The last exposure test of every service' })
    .output(z.array(ExposureTest)),
  get: procedure('admin')
    .route({ ...about, method: 'GET', path: ofOne, summary: 'The running or the last exposure test' })
    .input(one)
    .output(ExposureTest.nullable()),
  run: procedure('admin', { errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT'], example: { wait: false } })
    .route({
      ...about,
      method: 'POST',
      path: ofOne,
      summary: 'Ask every known surface without credentials, from this machine’s own addresses. Reads only',
    })
    .input(one.extend({ wait: z.boolean().default(true) }))
    .output(ExposureTest),
  cancel: procedure('admin', { errors: ['CONFLICT'] })
    .route({ ...about, method: 'POST', path: `${ofOne}/cancel`, summary: 'Stop the running exposure test' })
    .input(one)
    .output(ExposureTest),
})

export const exposure = at('/exposure', '/services/{id}/exposure', { tags: ['exposure'] })

/** The same under its former name, until 1.0. */
export const door = at('/door-tests', '/services/{id}/door-test', { tags: ['door'], deprecated: true })
