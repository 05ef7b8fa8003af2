import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest'
import { composePrograms } from '../../support/compose'
import { describeWithDocker } from '../../support/docker'
import { long } from '../../support/long'
import { tell } from '../../support/tell'
import { chanceOf } from '../../torture/chance'
import { journalRounds, measure, randomRound, type steps } from '../../torture/plans'
import { bundleTorture, type TorturePrograms } from '../../torture/process'
import { describeTally, newTally, playRound, type Round, type Tally } from '../../torture/round'
import { playVaultRounds, removeScenes, vaultRounds, vaultScenes } from '../../torture/vault-rounds'
import { composeWorld, nativeWorld, type World } from '../../torture/world'

// The short form of `npm run torture`. What is lost is lost: no second try.

let programs: TorturePrograms
beforeAll(async () => {
  programs = await bundleTorture()
})
afterAll(() => programs.remove())

async function play(world: World, rounds: readonly Round[], tally: Tally) {
  for (const round of rounds) await playRound(world, round, tally)
  await world.remove()
}

/** Rounds at random instants, by a seed that a failure names. */
async function randomRounds(world: World, count: number, seed: number) {
  const { ms } = await measure(world)
  const chance = chanceOf(seed)
  return Array.from({ length: count }, (_, at) => ({
    ...randomRound(chance, ms, at, { orphans: !world.outlives }),
    name: `random ${at} of seed ${seed}`,
  }))
}

const afterEachStep = (kind: 'comfyui' | 'forge') =>
  journalRounds(kind).filter(({ blow }) => blow.type === 'failpoint' && JSON.stringify(blow).includes('"after"'))

/** Each step once, with one of the kinds; `npm run torture` kills at each with both, before it and after it. */
const [oneHalf, otherHalf] = [
  ['write', 'prove', 'roll-back', 'end'],
  ['prepare', 'apply', 'commit'],
] as const satisfies (typeof steps)[number][][]

const aimed = (kind: 'comfyui' | 'forge', steps: readonly string[]) =>
  afterEachStep(kind).filter(({ name }) => steps.some((step) => name.includes(step)))

describe('the panel, killed in the middle of a rotation', { retry: 0, timeout: 180_000 }, () => {
  test('loses nothing: before anything is proven, and while it is rolled back', async (context) => {
    const tally = newTally()
    await play(await nativeWorld(programs, 'comfyui'), aimed('comfyui', ['write', 'roll-back']), tally)
    tell(context, `Kill test, in short: ${describeTally(tally)}`)
  })

  test('loses nothing: at every step of the journal, and at random instants', long, async (context) => {
    const tally = newTally()
    const seed = Date.now() % 2 ** 31
    const half = async (kind: 'comfyui' | 'forge', at: number, rounds: readonly Round[]) => {
      const world = await nativeWorld(programs, kind)
      await play(world, [...rounds, ...(await randomRounds(world, 1, seed + at))], tally)
    }

    await Promise.all([half('comfyui', 0, aimed('comfyui', oneHalf)), half('forge', 1, aimed('forge', otherHalf))])

    tell(context, `Kill test: ${describeTally(tally)}`)
  })
})

describe('the vault, killed while all of it changes', { retry: 0, timeout: 180_000 }, () => {
  const killed = async (context: TestContext, which: 'each' | 'one of each kind') => {
    const tally = newTally()
    const seed = Date.now() % 2 ** 31
    const scenes = await vaultScenes(programs.vaultAct, which)
    const random = which === 'each' ? 1 : 0
    const rounds = vaultRounds(scenes, chanceOf(seed), { every: (changes) => changes, random })
    expect(rounds.length).toBe(which === 'each' ? 6 * 2 : 3)

    await playVaultRounds(programs.vaultAct, rounds, { tally, jobs: 2, signal: context.signal })

    await removeScenes(scenes)
    tell(context, `Kill test of whole vaults: ${describeTally(tally)}`)
  }

  test('loses nothing: one change of each kind is done whole or not at all', async (context) => {
    await killed(context, 'one of each kind')
  })

  test('loses nothing: a change of keeper, an import and an adoption are done whole or not at all', long, (context) =>
    killed(context, 'each'),
  )
})

await describeWithDocker('the panel, killed while Docker has the services', (docker) => {
  test(
    'loses nothing: the container is made anew or restarted as the vault has it',
    { ...long, retry: 0, timeout: 180_000 },
    async (context) => {
      const [program] = await composePrograms()
      const tally = newTally()
      const seed = Date.now() % 2 ** 31
      const world = await composeWorld(programs, docker, { mounts: 'file', ...(program ? { env: program.own } : {}) })

      const rounds = [...aimed('forge', ['apply']), ...aimed('comfyui', ['write'])]
      await play(world, [...rounds, ...(await randomRounds(world, 1, seed))], tally)

      tell(context, `Kill test with Docker: ${describeTally(tally)}`)
    },
  )
})
