import { LoadTestOrder, type LoadTest, type LoadTestPlan, type LoadTestReport } from '../../../shared/contract'
import { command, waitOptions, type Context } from '../define'
import { exits, usageError } from '../exits'
import { table } from '../output'
import type { Panel } from '../panel'
import { readNumber } from '../parse'
import { writeReport } from '../report-file'
import { inLines, reasonIn } from '../reasons'
import { confirmed, following, waiting } from '../waiting'

/** A command that nobody waits for any more takes no longer than this to end what it began, in ms. */
const endingMs = 15_000

const usualConcurrency = 1

const seconds = (ms: number | null) => (ms === null ? '–' : `${(ms / 1000).toFixed(2)} s`)
const known = (value: number | null, unit = '') => (value === null ? '–' : `${value}${unit}`)

/** What was measured: figures, times split into queue and GPU, and errors by their kinds. */
function describe({ say, language }: Context, { id, state, order, figures }: LoadTestReport): string {
  const { p50, p90, p95, p99, worst } = figures
  const rows = Object.entries({ p50, p90, p95, p99, worst }).map(([name, of]) => [
    ...[name, seconds(of?.ms ?? null), seconds(of?.queueMs ?? null), seconds(of?.gpuMs ?? null)],
  ])
  const lines = [
    `${id}  ${state}`,
    `${say('load.images')}  ${figures.done}/${order.count}, ${order.concurrency} ×`,
    `${say('load.errors')}  ${figures.errors}`,
    `${say('load.elapsed')}  ${seconds(figures.elapsedMs)}`,
    `${say('load.perMinute')}  ${known(figures.perMinute)}`,
    `${say('load.waiting')}  ${known(figures.waitingMost)}`,
    `${say('load.vram')}  ${known(figures.vramMiB, ' MiB')}`,
    ...(figures.done === 0
      ? []
      : ['', table([say('column.share'), say('column.total'), say('column.queue'), say('column.gpu')], rows)]),
    ...figures.errorsBy.map(({ kind, count, reason }) => `${count} × ${kind}: ${reasonIn(language, reason).message}`),
  ]
  return lines.join('\n')
}

/** Follows a test to its end, and ends it where nobody waits for it any more. */
async function untilOver({ client }: Panel, begun: LoadTest, { output, say }: Context, signal: AbortSignal) {
  const { serviceId: id } = begun
  for await (const event of following((at) => client.system.events(undefined, { signal: at }), signal)) {
    const isMeant = event.type === 'load-test' ? event.serviceId === id : event.type === 'hello' || event.type === 'gap'
    if (!isMeant) continue
    const { running } = await client.loadTests.list({ id }, { signal })
    if (running?.id !== begun.id) return
    const { figures, order, state } = running
    const ended = figures.done + figures.errors
    output.progress(say('load.is', { id, state, ended, all: order.count, errors: figures.errors }))
  }
}

/** Ends a test that this command began; one that somebody else began since is theirs. Never rejects. */
async function end({ client }: Panel, { id: testId, serviceId: id }: LoadTest): Promise<void> {
  const signal = AbortSignal.timeout(endingMs)
  try {
    const { running } = await client.loadTests.list({ id }, { signal })
    if (running?.id === testId) await client.loadTests.cancel({ id }, { signal })
  } catch {
    // The panel has gone, or it was over just before: the panel ends it, and tells how.
  }
}

/** What is asked for, as the contract takes it. Throws a usage error. */
function readOrder(given: Record<string, unknown>, params: Record<string, unknown>): LoadTestOrder {
  const isGiven = ([, value]: [string, unknown]) => value !== undefined
  const asked = Object.fromEntries(Object.entries(given).filter(isGiven))
  const read = LoadTestOrder.safeParse({ ...asked, params: Object.fromEntries(Object.entries(params).filter(isGiven)) })
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw usageError('usage.params', { name: issue?.path.join('.') ?? '', issue: issue?.message ?? '' })
}

/** Tells what a test would do; whether it may begin. */
async function mayBegin(context: Context, plan: LoadTestPlan, isYes: boolean): Promise<boolean> {
  const { output, say, language } = context
  if (plan.blocked) {
    output.say(inLines(reasonIn(language, plan.blocked)))
    return false
  }
  if (plan.estimateMs !== null) output.say(say('load.estimate', { time: seconds(plan.estimateMs) }))
  if (!plan.confirm) return true
  output.say(reasonIn(language, plan.confirm).message)
  return confirmed(context, isYes)
}

interface Asked {
  id: string
  order: LoadTestOrder
  /** What the plan wanted to have confirmed was: of nothing else is known that it may be. */
  anyway: boolean
  timeout: string | undefined
}

/** Begins a test, and waits for its end: whoever stops waiting ends it, for it would keep a service busy for nobody. */
async function carryOut(context: Context, panel: Panel, asked: Asked) {
  const { id, order, anyway, timeout } = asked
  // Not cut off: what was begun must be known, to be ended.
  const begun = await panel.client.loadTests.start({ id, ...order, anyway })
  try {
    await waiting(context, timeout, (signal) => untilOver(panel, begun, context, signal))
  } catch (error) {
    await end(panel, begun)
    context.output.say(context.say('load.ended', { id: begun.id }))
    throw error
  }
  return begun
}

export const loadTest = command({
  path: ['load-test'],
  summary: 'command.loadTest',
  arguments: [{ name: 'SERVICE', completes: 'service' }],
  options: {
    images: { type: 'string', value: 'NUMBER', hint: 'option.images' },
    concurrency: { type: 'string', value: 'NUMBER', hint: 'option.concurrency' },
    limit: { type: 'string', value: 'SECONDS', hint: 'option.limit' },
    prompt: { type: 'string', value: 'TEXT', hint: 'option.prompt' },
    width: { type: 'string', value: 'PIXELS', hint: 'option.width' },
    height: { type: 'string', value: 'PIXELS', hint: 'option.height' },
    steps: { type: 'string', value: 'NUMBER', hint: 'option.steps' },
    csv: { type: 'string', value: 'FILE', completes: 'file', hint: 'option.csv' },
    yes: { type: 'boolean', short: 'y', hint: 'option.yes' },
    timeout: waitOptions.timeout,
  },
  isRemote: true,
  async run({ values, positionals: [id = ''] }, context) {
    const { images, concurrency, limit, prompt, width, height, steps, csv, yes, timeout } = values
    if (images === undefined) throw usageError('usage.needsOption', { option: '--images' })
    const order = readOrder(
      {
        count: readNumber(images, '--images', 1),
        concurrency: readNumber(concurrency, '--concurrency', 1) ?? usualConcurrency,
        limitS: readNumber(limit, '--limit', 1),
      },
      {
        prompt,
        width: readNumber(width, '--width'),
        height: readNumber(height, '--height'),
        steps: readNumber(steps, '--steps'),
      },
    )
    const { output, language, signal } = context
    const panel = await context.connect()
    const plan = await panel.client.loadTests.plan({ id, ...order }, { signal })
    if (!(await mayBegin(context, plan, yes))) return exits.failed
    signal.throwIfAborted()
    const begun = await carryOut(context, panel, { id, order, timeout, anyway: plan.confirm !== undefined })
    const report = await panel.client.loadTests.get({ id, testId: begun.id }, { signal })
    if (csv !== undefined) {
      const file = await panel.client.loadTests.csv({ id, testId: begun.id }, { signal })
      await writeReport(csv, await file.text())
    }
    output.data(report, () => describe(context, report))
    if (report.reason) output.say(inLines(reasonIn(language, report.reason)))
    return report.state === 'completed' && report.figures.errors === 0 ? exits.done : exits.failed
  },
})
