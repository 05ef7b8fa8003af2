import { writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { version } from '../../package.json'
import { replayedGpus, startHeadless } from '../support/headless'
import { temporaryFolder } from '../support/programs'
import { measureDocker } from './docker'
import { measureDrift } from './drift'
import { measureGallery } from './gallery'
import { measureGateway } from './gateway'
import { measureIdle } from './idle'
import { measureLeaks } from './leaks'
import { measureLogs } from './logs'
import { watchLoop } from './loop'
import { table, type Measure } from './measure'
import { measureGpus } from './gpus'
import { measureModels } from './models'
import { measureOverhead } from './overhead'
import { measurePeople } from './people'
import { measureRotation } from './rotation'
import { measureFirstLoad } from './size'
import { measureStart } from './start'
import { measureUse } from './use'

const report = path.resolve(import.meta.dirname, '../../docs/performance.md')

const say = (text: string) => process.stderr.write(`${text}\n`)

/** Generations and rotations on one panel, whose event loop is watched meanwhile. */
async function measureWork(): Promise<Measure[]> {
  await using folder = await temporaryFolder('regie-bench')
  const loop = watchLoop(folder.path)
  const panel = await startHeadless({ env: { ...replayedGpus(), ...loop.env } })
  const measures: Measure[] = []
  loop.begin(panel.pid)
  try {
    say('rotation …')
    await panel.client.services.startAll()
    measures.push(...(await measureRotation(panel)))
    say('generation …')
    measures.push(...(await measureOverhead(panel)))
  } finally {
    await panel.stop()
  }
  return [...measures, ...(await loop.measures('while it works', 'while it rotated and generated'))]
}

/** Facts that the numbers depend on; nothing that names the machine. */
function machine(): string {
  const [cpu] = os.cpus()
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB of memory`
  return `${os.cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${memory}, ${process.platform} ${process.arch}, Node ${process.versions.node}`
}

const parts = {
  start: measureStart,
  'first-load': measureFirstLoad,
  idle: measureIdle,
  docker: measureDocker,
  gallery: measureGallery,
  work: measureWork,
  drift: measureDrift,
  leaks: measureLeaks,
  logs: measureLogs,
  gateway: measureGateway,
  people: measurePeople,
  models: measureModels,
  gpus: measureGpus,
  use: measureUse,
}

/**
 * Runs every measure, prints the table and writes docs/performance.md. Exit code 1 when a budget is broken. With names of
 * parts it runs those alone, and writes nothing.
 */
export async function bench(only: readonly string[]): Promise<void> {
  const unknown = only.filter((name) => !Object.hasOwn(parts, name))
  if (unknown.length > 0)
    throw new Error(`There is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`)
  const measures: Measure[] = []
  for (const [name, measure] of Object.entries(parts)) {
    if (only.length > 0 && !only.includes(name)) continue
    say(`${name} …`)
    measures.push(...(await measure()))
  }
  const rows = table(measures)
  process.stdout.write(`${rows}\n`)
  if (measures.some(({ value, budget }) => value !== null && budget !== null && value > budget)) process.exitCode = 1
  if (only.length > 0) return
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
}
