import fc from 'fast-check'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { createBackend, type ImageBackend } from '../../electron/kinds'
import { createAnswerReader, type AnswerReader } from '../../electron/kinds/reading/reader'
import { interpolate, splitOutsideVariables, variablesOf } from '../../electron/compose/files/interpolation'
import { readEnvFile, setEnvValue } from '../../electron/compose/files/dotenv'
import { noFacts } from '../../electron/compose/lint/model'
import { readProject } from '../../electron/compose/lint/project'
import { reportOf } from '../../electron/compose/lint/report'
import { createLogParser } from '../../electron/docker/logs/parse'
import { allFields } from '../../electron/gpu/fields'
import { readMessage } from '../../electron/gpu/messages'
import { createLineCutter, parseGpuRow } from '../../electron/gpu/parse-gpus'
import { parseProcesses } from '../../electron/gpu/parse-processes'
import { createLog } from '../../electron/logs/log'
import { createLineSplitter } from '../../electron/logs/lines'
import { recognise } from '../../electron/discovery/recognise'
import { createRedactor } from '../../electron/vault/redactor'
import { Problem } from '../../shared/problems'
import { regiePrograms } from '../support/programs'
import { stallOf } from './stall'

const kB = 1024
/** The event loop is never held for longer, in ms of the processor's time. */
export const longestStallMs = 100
const secret = 'Zq7mW/4xK+pR9tB2vL8nc%Hy'
const redactor = createRedactor()
for (let at = 0; at < 20; at += 1) redactor.learn(`${secret}${at}`)
const redact = (text: string) => redactor.redact(text)

/** What readers break on: marks that open and never close, escapes, and beginnings of what is looked for. */
const marks = [
  ...[
    'A=',
    'A="',
    "A='",
    '${',
    '${A:-',
    '${A:?',
    '$',
    '$$',
    '=',
    'export ',
    '#',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '"',
    "'",
    '\\',
  ],
  ...[
    '- ',
    'a: ',
    'a:\n',
    '[',
    '{',
    '}',
    ']',
    '&a ',
    '*a ',
    '<<: *a\n',
    '? ',
    '| ',
    '> ',
    '!!x ',
    '%YAML',
    '---\n',
    ',',
  ],
  ...[
    'services:\n  a:\n    environment:\n',
    '      - A=$B\n',
    '      A: ${B}\n',
    'command: --api-auth ',
    '    ports: ["',
  ],
  ...[
    'token=',
    'authorization: ',
    'Authorization: Bearer ',
    'api-auth ',
    'gradio_auth=',
    '$2b$10$',
    `${secret}1`,
    '%25',
    '%4',
    '&#1',
    '&amp;',
  ],
  ...[
    '\\u00',
    String.raw`\"`,
    '\u001b[',
    '\u001b[1;31m',
    '\u001b[1A',
    '\u001b]0;',
    '\u0008',
    '\u0000',
    '\ud83e',
    '🦊',
    '\ufeff',
  ],
  ...['0, GPU-', 'N/A, ', '[N/A]', 'NVIDIA-SMI has failed', '2026-01-01T00:00:00Z ', '100%|####| 4/4 ', '12345'],
]
const piece = fc.oneof(fc.constantFrom(...marks), fc.string({ maxLength: 6 }))

/** A text that repeats few pieces many times: what is not linear shows there. */
const textUpTo = (longest: number): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.array(piece, { minLength: 1, maxLength: 3 }), fc.constantFrom(1, 1, 3, longest)), {
      minLength: 1,
      maxLength: 3,
    })
    .map((parts) => {
      const each = Math.ceil(longest / parts.length)
      const repeated = parts.map(([pieces, times]) => {
        const unit = pieces.join('') || ' '
        return unit.repeat(Math.min(times, Math.ceil(each / unit.length)))
      })
      return repeated.join('').slice(0, longest)
    })

/** What is attacked, and how much comes at a time: what the panel reads in one go. */
interface Target {
  name: string
  longest: number
  read: (text: string) => unknown
}

const bytesOf = (text: string) => Buffer.from(text, 'utf8')
const orRefused = (read: () => unknown) => {
  try {
    read()
  } catch (error) {
    // What Compose refuses is refused by name.
    if (!(error instanceof Error) || !/unterminated|Problem/.test(`${error.name} ${error.message}`)) throw error
  }
}

const targets: readonly Target[] = [
  {
    name: '.env files',
    longest: 32 * kB,
    read(text) {
      const binary = bytesOf(text).toString('latin1')
      readEnvFile(binary)
    },
  },
  { name: '.env files', longest: 32 * kB, read: (text) => orRefused(() => setEnvValue(text, 'A', 'x')) },
  {
    name: 'Compose values',
    longest: 16 * kB,
    read(text) {
      variablesOf(text)
      interpolate(text, new Map([['A', text]]))
      splitOutsideVariables(text, ':')
    },
  },
  {
    name: 'Compose files',
    longest: 8 * kB,
    async read(text) {
      const files = new Map([['/p/compose.yaml', bytesOf(text)]])
      const disk = {
        read: (file: string) => Promise.resolve(files.get(file) ?? null),
        look: (place: string) => Promise.resolve(files.has(place) ? ('file' as const) : ('missing' as const)),
        list: () => Promise.resolve(['compose.yaml']),
      }
      const project = await readProject({ file: '/p/compose.yaml' }, noFacts, disk)
      reportOf(project, { redact, stateOf: () => '', undo: null, now: 0 })
    },
  },
  ...(['env', 'yaml', 'json', 'ini', 'shell', 'batch'] as const).map((kind) => ({
    name: 'settings files',
    longest: 8 * kB,
    read: (text: string) => recognise({ path: '/p/x', shown: 'x', modifiedAt: 0, bytes: bytesOf(text), kind }),
  })),
  {
    name: 'nvidia-smi output',
    longest: 64 * kB,
    read(text) {
      const cutter = createLineCutter()
      for (const line of [...cutter.push(text), ...cutter.rest()]) {
        if (!parseGpuRow(line, allFields)) readMessage(line.trim(), { isWsl: false, isContainer: false })
      }
      parseProcesses(text)
    },
  },
  {
    name: 'log streams',
    longest: 16 * kB,
    read(text) {
      const log = createLog({ redact })
      const splitter = createLineSplitter(redactor.places)
      log.output('stdout', splitter.push(bytesOf(text)))
      log.output('stdout', splitter.end())
    },
  },
  {
    name: 'log streams',
    longest: 16 * kB,
    read(text) {
      const parser = createLogParser({ tty: true }, redactor.places)
      parser.push(bytesOf(text))
      parser.end()
    },
  },
  { name: 'words of services', longest: 64 * kB, read: redact },
]

/** JSON of some shape that Regie reads, whose texts and lengths are hostile. */
function bodyOf(text: string, count: number, isWhole: boolean): Record<string, unknown> {
  const many = <T>(make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
  const names = many((at) => `${text.slice(0, 200)}${at}`)
  const inputs = Object.fromEntries(
    ['sampler_name', 'scheduler', 'ckpt_name', 'unet_name', 'clip_name', 'vae_name'].map((name) => [name, [names]]),
  )
  const classes = ['KSampler', 'CheckpointLoaderSimple', 'UNETLoader', 'CLIPLoader', 'VAELoader']
  const nested = '['.repeat(count) + (isWhole ? ']'.repeat(count) : '')
  return {
    '/system_stats': { system: { comfyui_version: text, argv: names } },
    ...Object.fromEntries(
      classes.map((name) => [`/object_info/${name}`, { x: nested, [name]: { input: { required: inputs } } }]),
    ),
    '/experiment': many((at) => ({ name: names[at], size: at })),
    '/queue': {
      queue_running: many((at) => [at, names[at], { [text.slice(0, 50)]: { class_type: text, inputs: { a: text } } }]),
      queue_pending: many((at) => [at, names[at], {}, {}]),
    },
    '/history': {
      job: {
        outputs: Object.fromEntries(many((at) => [at, { images: [{ filename: names[at] }], [text]: text }])),
        status: { status_str: text, messages: many(() => ['execution_error', { exception_message: text }]) },
      },
    },
    '/sdapi/v1/options': { sd_model_checkpoint: text, x: names },
    '/sdapi/v1/sd-models': many((at) => ({ title: names[at], model_name: names[at] })),
    '/sdapi/v1/samplers': many((at) => ({ name: names[at] })),
    '/sdapi/v1/schedulers': many((at) => ({ name: names[at], label: text.slice(0, 100), aliases: [text] })),
    '/sdapi/v1/progress': { progress: 0, state: { job: text, job_count: count, sampling_steps: count } },
    '/internal/progress': { active: true, queued: false, completed: false, textinfo: text, live_preview: text },
    '/internal/pending-tasks': { size: count },
    '/sdapi/v1/txt2img': { images: names, parameters: { x: nested }, info: text },
    '/prompt': { prompt_id: text, error: { type: text, message: text }, node_errors: { [text]: { errors: [] } } },
  }
}

interface Answers {
  text: string
  count: number
  status: number
  /** Texts in place of JSON. */
  isRaw: boolean
  isWhole: boolean
}

const answers: fc.Arbitrary<Answers> = fc.record({
  text: textUpTo(16 * kB),
  count: fc.constantFrom(1, 10, 1000, 30_000),
  status: fc.constantFrom(200, 200, 200, 400, 401, 404, 422, 500),
  isRaw: fc.boolean(),
  isWhole: fc.boolean(),
})

/** A service on a thread of its own that answers as it is told. */
async function startService() {
  const worker = new Worker(path.resolve(import.meta.dirname, 'hostile-server.mjs'))
  const port = await new Promise<number>((resolve) => {
    worker.once('message', (message: { port: number }) => resolve(message.port))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    tell: ({ text, count, status, isRaw, isWhole }: Answers) =>
      new Promise<void>((resolve) => {
        worker.once('message', () => resolve())
        const shaped = Object.entries(bodyOf(text, count, isWhole))
        const bodies = shaped.map(([at, json]) => [at, bytesOf(isRaw ? text : JSON.stringify(json))])
        worker.postMessage({ status, bodies })
      }),
    close: () => worker.terminate(),
  }
}

/** Asks everything that the panel asks of a service. What is expected is a Problem or an answer. */
async function askAll(backend: ImageBackend): Promise<void> {
  const limit = AbortSignal.timeout(20_000)
  const asked: (() => Promise<unknown>)[] = [
    () => backend.probe(limit),
    () => backend.capabilities(limit),
    () => backend.queueState(limit),
    () => backend.recover('job', limit),
    () => backend.freeMemory(limit),
    async () => {
      const params = { prompt: 'x', seed: 1, steps: 1, cfg: 1, width: 64, height: 64, batch: 1 }
      const job = backend.generate('job', { ...params, sampler: 'x', scheduler: 'x' }, AbortSignal.timeout(1_000))
      for await (const event of job)
        if (event.type === 'image') for await (const part of event.image.pieces()) if (part.length === 0) break
    },
  ]
  for (const ask of asked)
    await ask().catch((error: unknown) => {
      const isGivenUp = error instanceof Error && /AbortError|TimeoutError/.test(error.name)
      if (!(error instanceof Problem) && !isGivenUp) throw error
    })
}

export interface HostileTally {
  counts: Map<string, number>
  /** The longest stall, in ms of the processor's time, and what caused it. */
  worst: { longest: number; of: string }
  /** The longest by the clock, in ms, with what other programs took meanwhile. */
  byClock: number
}

export interface HostileOptions {
  seed: number
  /** Attacks on each reader, and on the clients of services. */
  runs: { texts: number; services: number }
  /** Path of the bundled thread that reads long answers. */
  readWorker: string
  /** Longest stall, in ms of the processor's time. */
  limitMs: number
}

export const describeHostile = ({ counts, worst, byClock }: HostileTally): string =>
  `${[...counts].map(([name, count]) => `${count} ${name}`).join(', ')}; longest stall ${worst.longest.toFixed(0)} ms ` +
  `of the processor's time (${worst.of}), ${byClock.toFixed(0)} ms by the clock`

/** Attacks every reader of what others write. Throws at the first stall that is too long, with what caused it. */
export async function attack({ seed, runs, readWorker, limitMs }: HostileOptions): Promise<HostileTally> {
  const counts = new Map<string, number>()
  let worst: HostileTally['worst'] = { longest: 0, of: '' }
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  const settings = (numRuns: number) => ({ seed, numRuns, endOnFailure: true })

  async function measured(name: string, work: () => unknown): Promise<void> {
    let stall = await stallOf(work)
    // What was compiled or collected meanwhile is no reader's; what its input costs comes again each time.
    for (let again = 0; again < 2 && stall > limitMs; again += 1) stall = Math.min(stall, await stallOf(work))
    counts.set(name, (counts.get(name) ?? 0) + 1)
    if (stall > worst.longest) worst = { longest: stall, of: name }
    if (stall > limitMs) throw new Error(`${name} held the event loop for ${stall.toFixed(0)} ms`)
  }

  for (const { name, longest, read } of targets)
    await fc.assert(
      fc.asyncProperty(textUpTo(longest), (text) => measured(name, () => read(text))),
      settings(runs.texts),
    )

  const service = await startService()
  const reader: AnswerReader = createAnswerReader({ worker: readWorker })
  const timing = { callMs: 8_000, tickMs: 50, pollMs: 50, cancelGraceMs: 300, jobMs: 2_000, lostAfterMs: 300 }
  try {
    for (const kind of ['comfyui', 'forge'] as const)
      await fc.assert(
        fc.asyncProperty(answers, async (told) => {
          await service.tell(told)
          const target = { serviceId: kind, kind, url: service.url, redact, reader }
          const backend = createBackend({ ...target, lendSecret: async (use) => await use(null) }, timing)
          await measured(`answers of ${kind === 'forge' ? 'Forge' : 'ComfyUI'}`, () => askAll(backend))
        }),
        settings(runs.services),
      )
  } finally {
    delays.disable()
    await reader.close()
    await service.close()
  }
  return { counts, worst, byClock: delays.max / 1e6 }
}

/** The same at length, for `npm run torture`; false at a stall that is too long, which is told with what caused it. */
export async function attackAtLength(seed: number, texts: number): Promise<boolean> {
  const bundle = await regiePrograms({ reader: 'electron/kinds/reading/read-worker.ts' })
  try {
    const runs = { texts, services: Math.ceil(texts / 10) }
    const tally = await attack({ seed, runs, readWorker: bundle.programs.reader, limitMs: longestStallMs })
    console.log(`hostile: ${describeHostile(tally)}`)
    return true
  } catch (error) {
    // fast-check names the input, and gives what was thrown as its cause.
    const { message, cause } = error instanceof Error ? error : new Error(String(error))
    console.log(`STALL ${cause instanceof Error ? (cause.stack ?? cause.message) : ''} ${message.slice(0, 500)}`)
    return false
  } finally {
    await bundle.remove()
  }
}
