import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createCards, type CardsPorts, type Measured } from '../../electron/cards'
import type { ImageBackend } from '../../electron/kinds'
import { Problem } from '../../shared/problems'
import { comfyui, forge, generate } from '../integration/kinds/simulators'
import { temporaryFolder } from './programs'

export const cardMiB = 24_000
const takesMiB = 16_000

/** A folder that stands for a card, and what programs hold of it now. */
export async function makeCard(folder: string) {
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'card.json'), JSON.stringify({ totalMiB: cardMiB }))
  return {
    folder,
    usedMiB: () =>
      readdirSync(folder)
        .filter((name) => /^\d+-\d+\.json$/.test(name))
        .map((name) => (JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as { mib: number }).mib)
        .reduce((sum, mib) => sum + mib, 0),
  }
}

/** How a run of jobs went. All in ms. */
export interface Played {
  done: number
  outOfMemory: number
  /** What failed otherwise: nothing should. */
  failed: string[]
  tookMs: number
  /** The jobs' own time, loading included. */
  busyMs: number
  turns: number
  freedMiB: number
}

interface Tenants {
  backends: ReadonlyMap<string, ImageBackend>
  usedMiB: () => number
}

/** The lines of two services on one card, whose memory is all that is told of it, as on Windows. */
function linesFor({ backends, usedMiB }: Tenants, patience?: CardsPorts['patience']) {
  const backend = (id: string) => {
    const found = backends.get(id)
    if (!found) throw new Error(`no service ${id}`)
    return found
  }
  const measured = (): Measured => {
    const used = usedMiB()
    return { totalMiB: cardMiB, freeMiB: cardMiB - used, usedMiB: used, othersMiB: null, held: new Map() }
  }
  return createCards({
    services: () => [...backends.keys()].map((id) => ({ id, card: 'GPU-1', limitMiB: takesMiB, mayStop: false })),
    async standing(id) {
      const { running, waiting } = await backend(id).queueState(AbortSignal.timeout(5_000))
      return { work: running + (waiting ?? 0) > 0 ? 'some' : 'none', isUp: 'up' }
    },
    took: () => Promise.resolve(null),
    unload: (id) => backend(id).freeMemory(AbortSignal.timeout(5_000)),
    stop: () => Promise.reject(new Error('nothing is to be stopped')),
    measure: () => Promise.resolve(measured()),
    reportBug(error) {
      throw error
    },
    timing: { settleEveryMs: 5, measuredMs: 0 },
    ...(patience && { patience }),
  })
}

export interface Game {
  jobs: number
  /** The line: without one every job is sent at once. */
  withTurns: boolean
  /** `alternating`: each service by turns, the next after the last. `rivals`: a person at each, at the same time. */
  order: 'alternating' | 'rivals'
  loadMs: number
  stepMs: number
}

/** Two services that fill one card each, and jobs for both. */
export async function playOneCard({ jobs, withTurns, order, loadMs, stepMs }: Game): Promise<Played> {
  await using place = await temporaryFolder('card')
  const { folder, usedMiB } = await makeCard(path.join(place.path, 'card'))
  const behaviour = { loadMs, stepMs, card: { folder, takesMiB, keepsMiB: 300 } }
  await using one = await comfyui({ behaviour })
  await using other = await forge({ behaviour })
  const backends = new Map([
    ['comfyui', one.backend],
    ['forge', other.backend],
  ])
  const cards = linesFor({ backends, usedMiB })
  const played: Played = { done: 0, outOfMemory: 0, failed: [], tookMs: 0, busyMs: 0, turns: 0, freedMiB: 0 }

  const play = async (serviceId: string, backend: ImageBackend) => {
    const asked = { serviceId, person: serviceId, lane: serviceId }
    const turn = withTurns ? await cards.turn(asked, AbortSignal.timeout(60_000)) : null
    const began = performance.now()
    try {
      await generate(backend, { prompt: 'x', steps: 4, width: 64, height: 64 })
      played.done += 1
    } catch (error) {
      if (error instanceof Problem && error.id === 'backend.out-of-memory') played.outOfMemory += 1
      else played.failed.push(String(error))
    } finally {
      played.busyMs += performance.now() - began
      turn?.end()
    }
  }
  const began = performance.now()
  const all = [...backends]
  if (order === 'rivals') {
    await Promise.all(
      all.map(async ([id, backend]) => {
        for (let i = 0; i < jobs / all.length; i += 1) await play(id, backend)
      }),
    )
  } else
    for (let i = 0; i < jobs; i += 1) {
      const next = all[i % all.length]
      if (next) await play(...next)
    }
  played.tookMs = performance.now() - began
  const told = await cards.describe('GPU-1')
  played.turns = told?.turns.length ?? 0
  played.freedMiB = (told?.turns ?? []).reduce((sum, { freedMiB }) => sum + (freedMiB ?? 0), 0)
  cards.close()
  return played
}
