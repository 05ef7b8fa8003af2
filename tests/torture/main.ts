import { parseArgs } from 'node:util'
import { composePrograms } from '../support/compose'
import { findDocker } from '../support/docker/find'
import { chanceOf } from './chance'
import { tortureFleet } from './fleet'
import { tortureGateway } from './gateway'
import { attackAtLength } from './hostile'
import { journalRounds, measure, operationRound, otherRound, playAll, randomRound } from './plans'
import { tortureOneCard } from './one-card'
import { bundleTorture, type TorturePrograms } from './process'
import { tortureUpdates } from './updates'
import { tortureBackups } from './backups'
import { describeTally, Loss, newTally, type Round, type Tally } from './round'
import { playVaultRounds, removeScenes, vaultRounds, vaultScenes } from './vault-rounds'
import { composeWorld, kinds, nativeWorld, type World } from './world'

const usage = `npm run torture -- [part] [options]
  --rounds <n>         random instants without Docker (300)
  --docker-rounds <n>  random instants with Docker, where there is an engine (60)
  --other <n>          kills of other acts on credentials (60)
  --full-cost <n>      of the random instants, with bcrypt at its full cost (10)
  --every-change       a kill at every single change of a file, whole and torn
  --seed <n>           the run of an earlier time again
  --jobs <n>           worlds at a time (2)
  --vault <n>          random instants of each act on a whole vault, beside every change of a file (20)
  --hostile <n>        hostile texts for each reader, and a tenth of them for each kind of service (500)
  --backups <n>        kills while backups are made, thinned out and restored (100)
  --cards <n>          jobs by turns on a card that holds one service (200)
  --fleet <n>          kills while a service on a simulated Swarm is handed a new secret (300)
  --only <part>        fleet, hostile, journal, changes, random, other, vault, docker, update, backup or gateway
  --match <text>       of the updates only those whose name has it
`

const options = {
  rounds: { type: 'string', default: '300' },
  'docker-rounds': { type: 'string', default: '60' },
  other: { type: 'string', default: '60' },
  'full-cost': { type: 'string', default: '10' },
  vault: { type: 'string', default: '20' },
  hostile: { type: 'string', default: '500' },
  backups: { type: 'string', default: '100' },
  cards: { type: 'string', default: '200' },
  fleet: { type: 'string', default: '300' },
  'every-change': { type: 'boolean', default: false },
  seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  jobs: { type: 'string', default: '2' },
  only: { type: 'string' },
  match: { type: 'string', default: '' },
  help: { type: 'boolean', default: false },
} as const

/** Some rounds in one kind of world. */
interface Part {
  name: string
  make: () => Promise<World>
  rounds: (world: World) => AsyncIterable<Round> | Iterable<Round>
}

/** Splits random rounds into parts of so many, each with a seed of its own, so that a lost world costs few. */
function randomParts(count: number, each: number, seed: number, make: (at: number) => Promise<World>): Part[] {
  return Array.from({ length: Math.ceil(count / each) }, (_, part) => ({
    name: `random ${part * each} and on, seed ${seed + part}`,
    make: () => make(part),
    async *rounds(world: World) {
      const chance = chanceOf(seed + part)
      const { ms } = await measure(world)
      for (let at = part * each; at < Math.min(count, (part + 1) * each); at++)
        yield randomRound(chance, ms, at, { orphans: !world.outlives })
    },
  }))
}

async function dockerParts(programs: TorturePrograms, count: number, seed: number): Promise<Part[]> {
  const { docker, reason } = await findDocker()
  if (!docker) {
    console.log(`Without Docker: ${reason}`)
    return []
  }
  const parts: Part[] = []
  for (const { own, generation } of await composePrograms()) {
    for (const mounts of ['folder', 'file'] as const) {
      const make = () => composeWorld(programs, docker, { mounts, env: own })
      parts.push({
        name: `Compose ${generation}, mounted ${mounts}: journal`,
        make,
        rounds: () => kinds.flatMap((kind) => journalRounds(kind)),
      })
      parts.push(...randomParts(Math.ceil(count / 4), 15, seed + 1000 * parts.length, make))
    }
  }
  return parts
}

/** Runs the torture; true when nothing was lost. */
export async function torture(args: string[]): Promise<boolean> {
  const { values: given, positionals } = parseArgs({ args, options, allowPositionals: true })
  const values = { ...given, only: given.only ?? positionals[0] }
  if (values.help) {
    process.stdout.write(usage)
    return true
  }
  const [seed, jobs] = [Number(values.seed), Number(values.jobs)]
  const began = performance.now()
  console.log(`Seed ${seed}`)
  const wantsHostile = values.only === undefined || values.only === 'hostile'
  const isCalm = !wantsHostile || (await attackAtLength(seed, Number(values.hostile)))
  if (values.only === 'hostile') return isCalm
  const isWhole =
    (values.only !== undefined && values.only !== 'fleet') || (await tortureFleet(seed, Number(values.fleet)))
  if (values.only === 'fleet') return isWhole
  if (values.only === 'update') return playUpdates(values.match)
  const wantsGateway = values.only === undefined || values.only === 'gateway'
  const isHeld = !wantsGateway || (await tortureGateway(seed))
  const tookTurns = !wantsGateway || (await tortureOneCard(Number(values.cards)))
  if (values.only === 'gateway') return isHeld && tookTurns
  const quick = await bundleTorture('quick')
  const full = await bundleTorture('full')
  const nativeOf = (at: number) => nativeWorld(quick, kinds[at % 2])
  const counted = (count: string) => (parts: (count: number) => Part[]) => parts(Number(count))
  const groups: Record<string, () => Promise<Part[]> | Part[]> = {
    journal: () =>
      kinds.map((native, at) => ({
        name: `journal, ${native} native`,
        make: () => nativeOf(at),
        rounds: () => kinds.flatMap((kind) => journalRounds(kind)),
      })),
    changes: () =>
      kinds.flatMap((kind, at) =>
        [false, true].map((torn) => ({
          name: `every ${values['every-change'] ? '' : 'fifth '}change of ${kind}${torn ? ', torn' : ''}`,
          make: () => nativeOf(at),
          async *rounds(world: World) {
            const { changes } = await measure(world)
            const [from, by] = values['every-change'] ? [1, 1] : [1 + (seed % 5), 5]
            for (let nth = from; nth <= changes[kind]; nth += by) yield operationRound(kind, nth, torn)
          },
        })),
      ),
    random: () => [
      ...counted(values.rounds)((count) => randomParts(count, 30, seed, nativeOf)),
      ...counted(values['full-cost'])((count) => randomParts(count, 10, seed + 500, () => nativeWorld(full))),
    ],
    other: () =>
      counted(values.other)((count) => [
        {
          name: `other acts, seed ${seed}`,
          make: () => nativeOf(0),
          *rounds(world: World) {
            const chance = chanceOf(seed)
            for (let at = 0; at < count; at++) yield otherRound(chance, at, world)
          },
        },
      ]),
    docker: () => dockerParts(quick, Number(values['docker-rounds']), seed),
  }
  const total = newTally()
  const stopping = new AbortController()
  // Ctrl+C: the rounds that are under way are ended, their worlds taken away, and the counts told.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stopping.abort())
  try {
    if (values.only === undefined || values.only === 'vault') {
      const tally = await tortureVault(quick.vaultAct, {
        seed,
        jobs,
        random: Number(values.vault),
        signal: stopping.signal,
      })
      console.log(`vault: ${describeTally(tally)}`)
      add(total, tally)
    }
    if (values.only === undefined || values.only === 'backup') {
      const tally = newTally()
      await tortureBackups(quick.backupAct, { seed, rounds: Number(values.backups), tally, signal: stopping.signal })
      console.log(`backup: ${describeTally(tally)}`)
      add(total, tally)
    }
    for (const [name, parts] of Object.entries(groups)) {
      if ((values.only !== undefined && values.only !== name) || stopping.signal.aborted) continue
      const tally = newTally()
      await inTurns(await parts(), { jobs, tally, signal: stopping.signal })
      console.log(`${name}: ${describeTally(tally)}`)
      add(total, tally)
    }
  } finally {
    await quick.remove()
    await full.remove()
  }
  const areUndone = values.only !== undefined || (await tortureUpdates(stopping.signal))
  for (const loss of total.losses) console.log(`LOST ${loss}`)
  console.log(`Journal steps hit: ${JSON.stringify(total.steps)}`)
  console.log(`Kill test: ${describeTally(total)} in ${Math.round((performance.now() - began) / 1000)} s, seed ${seed}`)
  return (
    isCalm &&
    isWhole &&
    isHeld &&
    tookTurns &&
    areUndone &&
    total.losses.length === 0 &&
    total.kills > 0 &&
    !stopping.signal.aborted
  )
}

/** Updates that go wrong in every way; Ctrl+C ends them after the one that goes on. */
async function playUpdates(match: string): Promise<boolean> {
  const stopping = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stopping.abort())
  return tortureUpdates(stopping.signal, match)
}

/** The acts on a whole vault, killed at every change of a file, whole and torn, and at random instants. */
async function tortureVault(
  program: string,
  { seed, jobs, random, signal }: { seed: number; jobs: number; random: number; signal: AbortSignal },
) {
  const tally = newTally()
  const scenes = await vaultScenes(program)
  try {
    const rounds = vaultRounds(scenes, chanceOf(seed), { every: () => 1, random, both: true })
    await playVaultRounds(program, rounds, { tally, jobs, signal })
  } catch (error) {
    if (!(error instanceof Loss)) throw error
    console.log(`  ${error.message}`)
  } finally {
    await removeScenes(scenes)
  }
  return tally
}

/** Plays the parts, so many at a time. */
async function inTurns(parts: Part[], { jobs, tally, signal }: { jobs: number; tally: Tally; signal: AbortSignal }) {
  const queue = [...parts]
  const work = async () => {
    for (let part = queue.shift(); part && !signal.aborted; part = queue.shift()) {
      const start = performance.now()
      const { rounds } = tally
      await playAll(part.make, part.rounds, tally, signal)
      const seconds = Math.round((performance.now() - start) / 1000)
      console.log(`  ${part.name}: done after ${seconds} s (${tally.rounds - rounds} rounds meanwhile)`)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
}

function add(total: Tally, tally: Tally) {
  for (const key of ['rounds', 'kills', 'restarts', 'duringRecovery'] as const) total[key] += tally[key]
  for (const [step, count] of Object.entries(tally.steps)) total.steps[step] = (total.steps[step] ?? 0) + count
  for (const key of ['committed', 'rolled-back', 'nothing'] as const) total.endings[key] += tally.endings[key]
  total.losses.push(...tally.losses)
}
