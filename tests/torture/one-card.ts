import { playOneCard, type Game, type Played } from '../support/one-card'

/** Far quicker than a real card, on which what the line needs is less beside it. */
const pace = { loadMs: 600, stepMs: 150 }
const pct = ({ tookMs, busyMs }: Played) => Math.round((tookMs / busyMs - 1) * 1000) / 10
const tell = (name: string, played: Played) => {
  const { done, outOfMemory, failed, turns } = played
  const counts = `${done} done, ${outOfMemory} out of memory, ${failed.length} failed, ${turns} turns`
  console.log(`one card, ${name}: ${counts}, ${pct(played)} % added`)
}

/**
 * Alternating jobs on a card that holds one service: none runs out of memory, loading and a tenth is all that is added; and
 * the same jobs without turns do fail. True when it was so.
 */
export async function tortureOneCard(jobs: number): Promise<boolean> {
  let isRight = true
  for (const [order, share] of [
    ['alternating', 1],
    ['rivals', 4],
  ] as const) {
    const game: Game = { jobs: Math.ceil(jobs / share), order, withTurns: true, ...pace }
    const played = await playOneCard(game)
    tell(order, played)
    isRight &&=
      played.done === game.jobs &&
      played.failed.length === 0 &&
      played.outOfMemory === 0 &&
      played.tookMs <= played.busyMs * 1.1
    const without = await playOneCard({ ...game, jobs: Math.min(game.jobs, 10), withTurns: false })
    tell(`${order}, without turns`, without)
    isRight &&= without.outOfMemory > 0
  }
  return isRight
}
