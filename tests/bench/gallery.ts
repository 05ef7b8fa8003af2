import { migrations } from '../../electron/generation/migrations'
import { createNotes } from '../../electron/generation/notes'
import { createStore } from '../../electron/generation/store'
import { closeDatabase, openDatabase, type Database } from '../../electron/storage/database'
import { dataPaths } from '../../electron/storage/paths'
import type { Generation } from '../../shared/contract'
import { startHeadless } from '../support/headless'
import { temporaryFolder } from '../support/programs'
import { budgets } from './budgets'
import { median, repeat, timed, type Measure } from './measure'

const rows = 100_000
const runs = 15
/** So many rows are written in one transaction. */
const atOnce = 1000

const subjects = ['a lighthouse', 'an old harbour', 'a fox', 'a glass house', 'two dancers', 'a paper boat', 'a tram']
const places = ['in the rain', 'at dusk', 'under the stars', 'in a pine forest', 'on a frozen lake', 'by the sea']
const styles = ['oil painting', 'film still', 'woodcut', 'watercolour', 'long exposure', 'isometric', 'charcoal']

/** Whose they are: two in a hundred are `user`'s, the others those of 29 more people. */
const people = ['admin', ...Array.from({ length: 28 }, (_, n) => `person-${n}`)]
const some = 'person-7'

const pick = (from: readonly string[], turn: number) => from[turn % from.length] ?? ''

/** Generation number `turn`: prompts differ, and one in a thousand has the word that the search looks for. */
function record(turn: number): Generation {
  const words = [pick(subjects, turn), pick(places, turn >> 3), pick(styles, turn >> 6), `no. ${turn}`]
  if (turn % 1000 === 500) words.push('with a marmalade umbrella')
  const id = `bench-${turn}`
  const at = 1_700_000_000_000 + turn * 60_000
  return {
    id,
    by: turn % 50 ? pick(people, turn) : 'user',
    serviceId: turn % 2 ? 'comfyui-demo' : 'forge-demo',
    kind: turn % 2 ? 'comfyui' : 'forge',
    simulated: true,
    state: 'succeeded',
    params: { prompt: words.join(', '), seed: turn, steps: 20, cfg: 2.5, width: 1024, height: 1024, batch: 1 },
    progress: { phase: 'done', fraction: 1, step: 20, steps: 20, queuePosition: null },
    images: [{ id: `${id}-0`, width: 1024, height: 1024, bytes: 1_400_000, mime: 'image/png' }],
    timings: { queueMs: 2, loadMs: 0, sampleMs: 3000, decodeMs: 120, totalMs: 3122 },
    cached: false,
    warnings: [],
    createdAt: at,
    startedAt: at + 2,
    finishedAt: at + 3122,
  }
}

async function fill(data: string): Promise<void> {
  const { database } = await openDatabase(dataPaths(data).database, migrations)
  // Filling is not what is measured: a transaction for each row takes minutes on a machine at work.
  database.pragma('synchronous = OFF')
  // The same database, but for the one method: node types what it makes as any.
  const within = Object.create(database, { transaction: { value: (work: unknown) => work } }) as Database
  const store = createStore(within)
  const notes = createNotes(within)
  const add = database.transaction((from: number) => {
    for (let turn = from; turn < from + atOnce; turn += 1) {
      store.add(record(turn))
      if (turn % 200 === 7) notes.setFavourite(`bench-${turn}`, 'admin', true)
      if (turn % 500 === 7) notes.addTag(`bench-${turn}`, 'print')
    }
  })
  for (let turn = 0; turn < rows; turn += atOnce) add(turn)
  closeDatabase(database)
}

/** How long the gallery's first page and a search take over REST, with many generations in the real database. */
export async function measureGallery(): Promise<Measure[]> {
  await using data = await temporaryFolder('regie-bench')
  await fill(data.path)
  const panel = await startHeadless({ data: data.path })
  try {
    const ask = (query: string) =>
      repeat(runs, () => timed(async () => (await panel.rest(`/generations?limit=50${query}`)).json()))
    const month = 1_700_000_000_000 + 20_000 * 60_000
    await ask('')
    const first = await ask('')
    const rare = await ask('&search=marmalade')
    const common = await ask('&search=lighthouse%20rain')
    const short = await ask('&search=zz')
    const noted = await ask('&favourite=true&tag=print&show=images')
    const person = await ask('&by=user&show=images')
    const among = await ask(`&by=${some}&show=images`)
    const found = await ask(`&by=${some}&search=marmalade`)
    const old = await ask(`&show=images&from=${month}&to=${month + 86_400_000}`)
    const largest = await ask('&show=images&order=largest')
    const totals = await repeat(runs, () => timed(async () => (await panel.rest('/gallery/totals?show=images')).json()))
    const note = `${rows.toLocaleString('en')} generations, 50 a page, over REST, median of ${runs}`
    return [
      { what: 'Gallery: first page', value: median(first), unit: 'ms', budget: budgets.galleryMs, note },
      { what: 'Gallery: search for a rare word', value: median(rare), unit: 'ms', budget: budgets.galleryMs, note },
      {
        what: 'Gallery: search for two common words',
        value: median(common),
        unit: 'ms',
        budget: budgets.galleryMs,
        note,
      },
      {
        what: 'Gallery: search for two letters that occur nowhere',
        value: median(short),
        unit: 'ms',
        budget: budgets.galleryMs,
        note: 'too short for the index: every row is looked at',
      },
      { what: 'Gallery: favourites with a tag', value: median(noted), unit: 'ms', budget: budgets.galleryMs, note },
      { what: 'Gallery: one person’s', value: median(person), unit: 'ms', budget: budgets.galleryMs, note },
      {
        what: 'Gallery: one of 30 people’s',
        value: median(among),
        unit: 'ms',
        budget: budgets.galleryMs,
        note: `${note}; as many of each`,
      },
      {
        what: 'Gallery: a rare word among one of 30 people’s',
        value: median(found),
        unit: 'ms',
        budget: budgets.galleryMs,
        note,
      },
      { what: 'Gallery: a day long ago', value: median(old), unit: 'ms', budget: budgets.galleryMs, note },
      { what: 'Gallery: largest first', value: median(largest), unit: 'ms', budget: budgets.galleryMs, note },
      {
        what: 'Gallery: totals',
        value: median(totals),
        unit: 'ms',
        budget: budgets.galleryTotalsMs,
        note: 'asked beside the first page, which does not wait for it',
      },
    ]
  } finally {
    await panel.stop()
  }
}
