import { createHash, randomBytes } from 'node:crypto'
import { watch } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startHeadless, type HeadlessPanel } from '../support/headless'
import { temporaryFolder } from '../support/programs'
import { budgets } from './budgets'
import { median, repeat, timed, type Measure } from './measure'

const sinkCount = 8
const edits = 10
const reads = 50
const id = 'drift-bench'

const sinkOf = (folder: string, at: number) => ({
  type: 'env' as const,
  path: path.join(folder, `${at}`, '.env'),
  key: 'API_TOKEN',
})

const envWith = (token: string) => `# edited by hand\nAPI_TOKEN=${token}\nPORT=8188\n`

/** From a hand's edit of one sink to the event that pages follow, in ms; then everything is put right again. */
async function editToEvent(panel: HeadlessPanel, file: string, state: 'drifted' | 'in-sync', content: string) {
  const abort = new AbortController()
  const events = await panel.client.system.events(undefined, { signal: abort.signal })
  // What is under way of an earlier change must not be taken for this one.
  await wait(500)
  const told = (async () => {
    for await (const event of events)
      if (event.type === 'credential' && event.credential.id === id && event.credential.state === state) return
    throw new Error('the panel’s events have ended')
  })()
  const took = await timed(async () => {
    await writeFile(file, content)
    await told
  })
  abort.abort()
  return took
}

/** The same with nothing but the system's own events. */
async function editToSystemEvent(file: string): Promise<number> {
  let heard = () => {}
  const event = new Promise<void>((resolve) => (heard = resolve))
  const watcher = watch(path.dirname(file), () => heard())
  try {
    await wait(100)
    return await timed(async () => {
      await writeFile(file, envWith(randomBytes(24).toString('base64url')))
      await event
    })
  } finally {
    watcher.close()
  }
}

const lookAt = async (file: string) => {
  await stat(file)
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}

/** How soon drift shows after a hand's edit, and how long the map of a credential with eight sinks takes to read. */
export async function measureDrift(): Promise<Measure[]> {
  await using folder = await temporaryFolder('regie-bench-drift')
  const sinks = Array.from({ length: sinkCount }, (_, at) => sinkOf(folder.path, at))
  for (const sink of sinks) await mkdir(path.dirname(sink.path))
  const alone = path.join(folder.path, 'alone')
  await mkdir(alone)
  const panel = await startHeadless()
  try {
    await panel.client.credentials.create({ id, scheme: 'token', sinks })
    const file = sinks[0]?.path ?? ''
    const good = await readFile(file, 'utf8')
    // The watch begins with a look of its own.
    await wait(2_000)
    const took = await repeat(edits, async () => {
      const drifted = await editToEvent(panel, file, 'drifted', envWith(randomBytes(24).toString('base64url')))
      await editToEvent(panel, file, 'in-sync', good)
      return drifted
    })
    const system = await repeat(edits, () => editToSystemEvent(path.join(alone, '.env')))
    await panel.client.credentials.drift({ id })
    const times = await repeat(reads, async () => ({
      map: await timed(() => panel.client.credentials.drift({ id })),
      plain: await timed(() => Promise.all(sinks.map((sink) => lookAt(sink.path)))),
    }))
    const map = median(times.map((time) => time.map))
    const plain = median(times.map((time) => time.plain))
    return [
      {
        what: 'Drift: hand edit to the pages’ event',
        value: median(took),
        unit: 'ms',
        budget: budgets.driftMs,
        note: `median of ${edits}, longest ${Math.round(Math.max(...took))} ms; a bare watch of the folder: ${median(system).toFixed(1)} ms, so nearly all of it is waiting for the file to be quiet`,
      },
      {
        what: `Map of a credential with ${sinkCount} sinks, over HTTP`,
        value: map,
        unit: 'ms',
        budget: budgets.mapMs,
        note: `median of ${reads}; stat, read and SHA-256 of the same files alone: ${plain.toFixed(1)} ms, ratio ${(map / plain).toFixed(1)}`,
      },
    ]
  } finally {
    await panel.stop()
  }
}
