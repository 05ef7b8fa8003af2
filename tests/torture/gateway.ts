import { bundlePanelPrograms } from '../support/panel'
import { until } from '../support/until'
import { smallJob, startWakingPanel, type WakingPanel } from '../support/waking'
import { chanceOf, type Chance } from './chance'

/** What became of requests while their service was taken away. */
export interface AskedTally {
  asked: number
  /** How often the service was stopped or restarted meanwhile, or its secret rotated. */
  taken: number
  /** Requests that waited for longer than the rest of them together takes. */
  waited: number
  lost: string[]
}

export const describeAsked = ({ asked, taken, waited, lost }: AskedTally): string =>
  `${asked} requests, their service taken away ${taken} times, ${waited} waited, ${lost.length} lost`

/** A request that waits for less than this, in ms, is answered as usual. */
const usualMs = 100

const questions = ['/system_stats', '/queue', '/history', '/object_info/EmptyImage']

/** Asks one of the usual questions, or for a job, and notes what came of it. */
async function askOnce(house: WakingPanel, at: number, chance: Chance, tally: AskedTally): Promise<void> {
  const since = performance.now()
  const isJob = chance.is(0.3)
  const path = isJob ? '/prompt' : (questions[at % questions.length] ?? '/queue')
  tally.asked += 1
  try {
    const { status, text } = await house.ask(path, isJob ? { body: { prompt: smallJob(at) } } : {})
    if (status !== 200) tally.lost.push(`${path}: ${status} ${text.slice(0, 200)}`)
  } catch (error) {
    tally.lost.push(`${path}: ${String(error)}`)
  }
  if (performance.now() - since > usualMs) tally.waited += 1
}

/** So many requests, some at a time, while the service is stopped and restarted at random instants. */
export async function askWhileStopped(
  house: WakingPanel,
  { requests, atOnce, seed }: { requests: number; atOnce: number; seed: number },
): Promise<AskedTally> {
  const chance = chanceOf(seed)
  const tally: AskedTally = { asked: 0, taken: 0, waited: 0, lost: [] }
  const asker = async () => {
    while (tally.asked < requests) await askOnce(house, tally.asked, chance, tally)
  }
  const taker = async () => {
    while (tally.asked < requests) {
      const next = tally.asked + 1 + chance.below(2 * atOnce)
      await until('some more are asked', () => tally.asked >= Math.min(next, requests))
      await house.act(chance.is(0.7) ? 'stop' : 'restart')
      tally.taken += 1
    }
  }
  await Promise.all([taker(), ...Array.from({ length: atOnce }, asker)])
  return tally
}

/** Requests at a steady pace while the service's secret is rotated so often. */
export async function askWhileRotated(
  house: WakingPanel,
  { rotations, aSecond, seed }: { rotations: number; aSecond: number; seed: number },
): Promise<AskedTally> {
  const chance = chanceOf(seed)
  const tally: AskedTally = { asked: 0, taken: 0, waited: 0, lost: [] }
  const asked: Promise<void>[] = []
  const pace = setInterval(() => asked.push(askOnce(house, tally.asked, chance, tally)), 1000 / aSecond)
  try {
    for (let left = rotations; left > 0; left -= 1) {
      const before = tally.asked
      const { body } = await house.running.rest('POST', `credentials/${house.id}/rotate`)
      const { state } = body as { state?: string }
      if (state !== 'committed') tally.lost.push(`the rotation: ${JSON.stringify(body).slice(0, 300)}`)
      tally.taken += 1
      await until('requests are answered after it', () => tally.asked > before + aSecond)
    }
  } finally {
    clearInterval(pace)
  }
  await Promise.all(asked)
  return tally
}

/** Both at length; true when nothing was lost. */
export async function tortureGateway(seed: number): Promise<boolean> {
  const programs = await bundlePanelPrograms()
  const house = await startWakingPanel(programs)
  try {
    const stopped = await askWhileStopped(house, { requests: 500, atOnce: 24, seed })
    console.log(`gateway, stopped at random: ${describeAsked(stopped)}`)
    const rotated = await askWhileRotated(house, { rotations: 5, aSecond: 50, seed })
    console.log(`gateway, secret rotated: ${describeAsked(rotated)}`)
    const lost = [...stopped.lost, ...rotated.lost]
    for (const line of lost) console.log(`LOST ${line}`)
    return lost.length === 0 && stopped.taken > 0 && stopped.waited > 0 && rotated.taken > 0
  } finally {
    await house.stop()
    await programs.remove()
  }
}
