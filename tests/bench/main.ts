import { readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'
import { version } from '../../package.json'
import { replayedGpus, startHeadless } from '../support/headless'
import { temporaryFolder } from '../support/programs'
import { measureDocker } from './docker'
import { measureDrift } from './drift'
import { measureGallery } from './gallery'
import { measureIdle } from './idle'
import { measureLeaks } from './leaks'
import { measureLogs } from './logs'
import { table, type Measure } from './measure'
import { measureOverhead } from './overhead'
import { measureRotation } from './rotation'
import { measureFirstLoad } from './size'
import { measureStart } from './start'

const report = path.resolve(import.meta.dirname, '../../docs/performance.md')

const say = (text: string) => process.stderr.write(`${text}\n`)

/** Generations and rotations on one panel, whose event loop is watched meanwhile. */
async function measureWork(): Promise<Measure[]> {
  await using folder = await temporaryFolder('regie-bench')
  const delays = path.join(folder.path, 'loop.json')
  const monitor = pathToFileURL(path.join(import.meta.dirname, 'loop-delay.mjs')).href
  const panel = await startHeadless({
    env: { ...replayedGpus(), NODE_OPTIONS: `--import=${monitor}`, REGIE_BENCH_LOOP_FILE: delays },
  })
  const measures: Measure[] = []
  try {
    say('rotation …')
    await panel.client.services.startAll()
    measures.push(...(await measureRotation(panel)))
    say('generation …')
    measures.push(...(await measureOverhead(panel)))
  } finally {
    await panel.stop()
  }
  const delay = z
    .object({ p50: z.number(), p99: z.number(), max: z.number() })
    .parse(JSON.parse(await readFile(delays, 'utf8')))
  return [
    ...measures,
    {
      what: 'Event loop delay of the panel, p99',
      value: delay.p99,
      unit: 'ms',
      budget: 20,
      note: `while it rotated and generated; median ${delay.p50.toFixed(1)} ms, longest ${Math.round(delay.max)} ms`,
    },
  ]
}

/** Facts that the numbers depend on; nothing that names the machine. */
function machine(): string {
  const [cpu] = os.cpus()
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB of memory`
  return `${os.cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${memory}, ${process.platform} ${process.arch}, Node ${process.versions.node}`
}

/** Runs every measure, prints the table and writes docs/performance.md. Exit code 1 when a budget is broken. */
export async function bench(): Promise<void> {
  const measures: Measure[] = []
  for (const [title, measure] of [
    ['start …', measureStart],
    ['first load …', measureFirstLoad],
    ['idle …', measureIdle],
    ['docker …', measureDocker],
    ['gallery …', measureGallery],
    ['work …', measureWork],
    ['drift …', measureDrift],
    ['leaks …', measureLeaks],
    ['logs …', measureLogs],
  ] as const) {
    say(title)
    measures.push(...(await measure()))
  }
  const rows = table(measures)
  process.stdout.write(`${rows}\n`)
  const day = new Date().toISOString().slice(0, 10)
  await writeFile(
    report,
    `# Performance

Written by \`npm run bench\`; run it on your own machine before you compare.

Regie ${version}, ${day}: ${machine()}.

${rows}

What the budgets are for: a control room must be there at once, cost nothing while nobody looks, and never be what one
waits for. Generations run against the simulators, so the time of a real model does not hide the panel's own.
`,
  )
  if (measures.some(({ value, budget }) => value !== null && budget !== null && value > budget)) process.exitCode = 1
}
