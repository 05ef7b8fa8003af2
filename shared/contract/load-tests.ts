import * as z from 'zod'
import { AccountId } from './accounts'
import { gives, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { GoldenParams } from './golden'

/** What a load test may ask of a service at most; `limitS`: how long one image may take, in s. */
export const loadTestBounds = { count: 1000, concurrency: 16, limitS: { least: 1, most: 3600, usual: 600 } } as const

/** What the images are generated from, as of a golden check; each has a seed of its own, so that no cache answers. */
const LoadTestParams = GoldenParams.omit({ seed: true })

const limits = z.object({
  count: z.number().int().min(1).max(loadTestBounds.count),
  /** So many are in line or at work at a time. */
  concurrency: z.number().int().min(1).max(loadTestBounds.concurrency),
  /** From its turn on the service's card; then it is cancelled and counts as an error. */
  limitS: z
    .number()
    .int()
    .min(loadTestBounds.limitS.least)
    .max(loadTestBounds.limitS.most)
    .default(loadTestBounds.limitS.usual),
})

/** What was ordered. */
export const LoadTestOrder = limits.extend({ params: LoadTestParams.default({}) })
export type LoadTestOrder = z.infer<typeof LoadTestOrder>

/** Why an image is none that counts. `unread`: black, flat, of another size, or nothing that can be read. */
export const LoadTestErrorKind = z.enum([
  ...['out-of-memory', 'late', 'refused', 'unreachable', 'cached', 'unread', 'interrupted', 'other'],
] as const)
export type LoadTestErrorKind = z.infer<typeof LoadTestErrorKind>

/** One image that has ended. All times in ms; `startedMs` since the test began. */
export const LoadTestImage = z.object({
  n: z.number().int(),
  startedMs: z.number(),
  /** From the order to the image, or to the error. */
  tookMs: z.number(),
  /** From the order to its turn on the service, also in Regie's own line; null where that was not told. */
  queueMs: z.number().nullable(),
  error: ReasonSchema.extend({ kind: LoadTestErrorKind }).nullable(),
})
export type LoadTestImage = z.infer<typeof LoadTestImage>

/** An image by its place among all when they are sorted by their time; its parts add up. */
const Quantile = z.object({ ms: z.number(), queueMs: z.number().nullable(), gpuMs: z.number().nullable() })
export type LoadTestQuantile = z.infer<typeof Quantile>

/** What was measured, of the images that count. Null: none does, or it was not to be seen. */
export const LoadTestFigures = z.object({
  done: z.number().int(),
  errors: z.number().int(),
  /** From the first order to the last end. */
  elapsedMs: z.number(),
  perMinute: z.number().nullable(),
  p50: Quantile.nullable(),
  p90: Quantile.nullable(),
  p95: Quantile.nullable(),
  p99: Quantile.nullable(),
  worst: Quantile.nullable(),
  /** Images that waited for their turn, at most and over the whole time on average. */
  waitingMost: z.number().nullable(),
  waitingMean: z.number().nullable(),
  vramMiB: z.number().nullable(),
  vramTotalMiB: z.number().nullable(),
  /** The most frequent kind first, each with when and why it came first. */
  errorsBy: z.array(
    z.object({ kind: LoadTestErrorKind, count: z.number().int(), firstMs: z.number(), reason: ReasonSchema }),
  ),
})
export type LoadTestFigures = z.infer<typeof LoadTestFigures>

/** Many images on one service, several at a time, measured. */
export const LoadTest = z.object({
  id: RecordId,
  serviceId: z.string(),
  by: AccountId,
  /** `interrupted`: the panel ended meanwhile. `failed`: it was given up, as the reason says. */
  state: z.enum(['waiting', 'running', 'completed', 'cancelled', 'interrupted', 'failed']),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  order: LoadTestOrder,
  /** As the service was asked; null before that is known. */
  made: z
    .object({
      prompt: z.string(),
      width: z.number().int(),
      height: z.number().int(),
      steps: z.number().int(),
      family: z.string().nullable(),
    })
    .nullable(),
  conditions: z.object({
    model: z.string().nullable(),
    version: z.string().nullable(),
    /** The card's uuid. */
    gpu: z.string().nullable(),
  }),
  figures: LoadTestFigures,
  reason: ReasonSchema.optional(),
})
export type LoadTest = z.infer<typeof LoadTest>

/** What the service held of its card, in MiB. */
export const LoadTestVram = z.object({ atMs: z.number(), mib: z.number() })

/** The whole report: the test with each image, and what is drawn over time. */
export const LoadTestReport = LoadTest.extend({
  images: z.array(LoadTestImage),
  vram: z.array(LoadTestVram),
  /** At each of the times, in ms since the test began, over some time before it. */
  series: z.object({
    times: z.array(z.number()),
    perMinute: z.array(z.number().nullable()),
    p50: z.array(z.number().nullable()),
    p95: z.array(z.number().nullable()),
    waiting: z.array(z.number().nullable()),
  }),
})
export type LoadTestReport = z.infer<typeof LoadTestReport>

/** What a load test would do now. Nothing is changed by asking. */
export const LoadTestPlan = z.object({
  made: LoadTest.shape.made,
  /** How long all should take, reckoned from an earlier load test or golden check of the same; null: nothing is known. */
  estimateMs: z.number().nullable(),
  from: z.enum(['load-test', 'golden']).nullable(),
  /** Why it would be refused. */
  blocked: ReasonSchema.optional(),
  /** Why it would be refused without `anyway`: others work or wait, or nobody can tell. */
  confirm: ReasonSchema.optional(),
})
export type LoadTestPlan = z.infer<typeof LoadTestPlan>

const tags = ['load tests']
const one = z.object({ id: Slug })
const oneTest = one.extend({ testId: RecordId })

export const loadTests = {
  list: procedure('admin')
    .route({ method: 'GET', path: '/services/{id}/load-tests', tags, summary: 'The last load tests of a service' })
    .input(one)
    .output(z.object({ running: LoadTest.nullable(), tests: z.array(LoadTest) })),
  plan: procedure('admin', { example: { count: 20, concurrency: 4 } })
    .route({
      method: 'POST',
      path: '/services/{id}/load-tests/plan',
      tags,
      summary: 'How long a load test should take, and what keeps it from beginning; nothing is begun',
    })
    .input(one.extend(LoadTestOrder.shape))
    .output(LoadTestPlan),
  start: procedure('admin', {
    errors: ['CONFLICT', ...gives.service],
    example: { count: 2, concurrency: 2, params: { steps: 2, width: 64, height: 64 } },
  })
    .route({
      method: 'POST',
      path: '/services/{id}/load-tests',
      successStatus: 201,
      tags,
      summary: 'Begin to generate many images, several at a time, in line with the other jobs; they are not kept',
    })
    .input(
      one.extend({
        ...LoadTestOrder.shape,
        /** Also where others work on the service or its card, or nobody can tell. */
        anyway: z.boolean().default(false),
      }),
    )
    .output(LoadTest),
  cancel: procedure('admin', { errors: ['CONFLICT'] })
    .route({
      method: 'POST',
      path: '/services/{id}/load-tests/cancel',
      tags,
      summary: 'Cancel the load test that runs; the report so far stays',
    })
    .input(one)
    .output(LoadTest),
  get: procedure('admin')
    .route({ method: 'GET', path: '/services/{id}/load-tests/{testId}', tags, summary: 'The report of a load test' })
    .input(oneTest)
    .output(LoadTestReport),
  csv: procedure('admin')
    .route({
      method: 'GET',
      path: '/services/{id}/load-tests/{testId}/report.csv',
      tags,
      summary: 'The same report for a spreadsheet: UTF-8 with its mark',
    })
    .input(oneTest)
    .output(z.file().mime('text/csv')),
  remove: procedure('admin', { errors: ['CONFLICT', ...gives.store] })
    .route({ method: 'DELETE', path: '/services/{id}/load-tests/{testId}', tags, summary: 'Remove a report' })
    .input(oneTest)
    .output(z.object({ id: z.string() })),
}
