import * as z from 'zod'
import { procedure, ReasonSchema, Slug, Timestamp } from './base'
import { ServiceKind } from './services'

/** An address of this machine from which a service is asked. */
export const DoorOrigin = z.object({
  /** As dialled, e.g. `127.0.0.1` or `192.168.1.20`. */
  address: z.string(),
  family: z.union([z.literal(4), z.literal(6)]),
  /** `machine`: an address that other machines can reach too. */
  scope: z.enum(['loopback', 'machine']),
  /** Whether anything accepts connections there; null while it was not tried. */
  answers: z.boolean().nullable(),
})
export type DoorOrigin = z.infer<typeof DoorOrigin>

/**
 * `guarded`: it lets no stranger in. `open`: it answers strangers, and is meant to. `exposed`: it answers strangers, and
 * must not. `absent`: there is no such route. `unclear`: the answer proves nothing.
 */
export const DoorVerdict = z.enum(['guarded', 'open', 'exposed', 'absent', 'unreachable', 'unclear'])
export type DoorVerdict = z.infer<typeof DoorVerdict>

/**
 * What a surface gives away. `control`: pictures, the queue, the whole backend. `data`: saved workflows and settings.
 * `facts`: versions, lists, load.
 */
export const DoorStake = z.enum(['control', 'data', 'facts'])
export type DoorStake = z.infer<typeof DoorStake>

export const DoorCell = z.object({
  /** Position in `origins`. */
  origin: z.number().int().nonnegative(),
  /** What came back in protocol terms, e.g. `401`, `302 /login`, `ECONNREFUSED`; empty while it was not asked. */
  got: z.string(),
  verdict: DoorVerdict.nullable(),
  tookMs: z.number().nonnegative().nullable(),
})
export type DoorCell = z.infer<typeof DoorCell>

export const DoorRow = z.object({
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
  stake: DoorStake,
  /** What it was asked with. */
  with: z.enum(['nothing', 'empty-token', 'wrong-token']),
  /** What a safe service answers: a refusal, or, where no flag of the program guards it, anything. */
  expected: z.enum(['refusal', 'anything']),
  cells: z.array(DoorCell),
})
export type DoorRow = z.infer<typeof DoorRow>

export const DoorGrade = z.enum(['A', 'B', 'C', 'D', 'E', 'F'])
export type DoorGrade = z.infer<typeof DoorGrade>

/** Where a service listens, as it is and as its files ask. */
export const DoorBinding = z.object({
  /** From the engine's ports, the system's listening sockets, or only from what answered. */
  source: z.enum(['container', 'sockets', 'answers']),
  live: z.array(z.string()),
  /** What the Compose files ask for; null where there are none. */
  file: z.array(z.string()).nullable(),
  reach: z.enum(['this-machine', 'network', 'unknown']),
  /** Other ports that the container publishes; they are not asked. */
  otherPorts: z.array(z.string()),
})
export type DoorBinding = z.infer<typeof DoorBinding>

/** One finding of a test, with the grade that it alone would give. */
export const DoorFinding = z.object({ grade: DoorGrade, reason: ReasonSchema, rows: z.array(z.string()) })
export type DoorFinding = z.infer<typeof DoorFinding>

export const DoorTest = z.object({
  serviceId: z.string(),
  kind: ServiceKind,
  url: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** What it was run for. */
  trigger: z.enum(['asked', 'start', 'rotation']),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  progress: z.object({ done: z.number().int(), total: z.number().int() }),
  origins: z.array(DoorOrigin),
  rows: z.array(DoorRow),
  binding: DoorBinding.nullable(),
  /** The worst finding's; null while it runs, or when nothing could be asked. */
  grade: DoorGrade.nullable(),
  findings: z.array(DoorFinding),
  /** Why there is no grade. */
  reason: ReasonSchema.optional(),
})
export type DoorTest = z.infer<typeof DoorTest>

const tags = ['door']
const one = z.object({ id: Slug })

export const door = {
  list: procedure('user')
    .route({ method: 'GET', path: '/door-tests', tags, summary: 'The last door test of every service' })
    .output(z.array(DoorTest)),
  get: procedure('user')
    .route({ method: 'GET', path: '/services/{id}/door-test', tags, summary: 'The running or the last door test' })
    .input(one)
    .output(DoorTest.nullable()),
  run: procedure('admin', { errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT'], example: { wait: false } })
    .route({
      method: 'POST',
      path: '/services/{id}/door-test',
      tags,
      summary: 'Ask every known surface without credentials, from this machine’s own addresses. Reads only',
    })
    .input(one.extend({ wait: z.boolean().default(true) }))
    .output(DoorTest),
  cancel: procedure('admin', { errors: ['CONFLICT'] })
    .route({ method: 'POST', path: '/services/{id}/door-test/cancel', tags, summary: 'Stop the running door test' })
    .input(one)
    .output(DoorTest),
}
