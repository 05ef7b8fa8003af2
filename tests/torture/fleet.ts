import { handOut } from '../../electron/fleet/hand-out'
import { Killed, killedAt, killSteps, simulatedSwarm, type KillStep } from '../support/simulated-swarm'
import { chanceOf } from './chance'

/** What came of kills while a service on a Swarm is handed a new secret. */
export interface FleetTally {
  kills: number
  steps: Partial<Record<KillStep, number>>
  ends: { 'handed-out': number; 'rolled-back': number }
  losses: string[]
}

/** One hand-out that is killed until it has been, at a step, once or more; the next start goes on each time. */
async function round(seed: number, tally: FleetTally): Promise<void> {
  const chance = chanceOf(seed)
  const swarm = simulatedSwarm(chance, 1 + chance.below(4))
  const isBad = chance.is(0.4)
  if (isBad) swarm.refuse('v1')
  for (;;) {
    const step = chance.one(killSteps)
    const aim = {
      step,
      nth: 1 + chance.below(step === 'look' || step === 'wait' ? 12 : 1),
      after: chance.is(0.5),
    }
    const { hands, seen } = killedAt(swarm.hands('v1'), chance.is(0.75) ? aim : { ...aim, nth: Infinity })
    try {
      const end = await handOut(hands, 'v1')
      tally.ends[end] += 1
      const accepted = swarm.accepted()
      const wanted = end === 'handed-out' ? 'v1' : 'v0'
      if (accepted.size !== 1 || !accepted.has(wanted))
        tally.losses.push(`seed ${seed}: ${[...accepted].join()} at ${end}`)
      if (swarm.kept().join() !== wanted) tally.losses.push(`seed ${seed}: the Swarm keeps ${swarm.kept().join()}`)
      if (!swarm.areUp()) tally.losses.push(`seed ${seed}: a replica is down`)
      if (isBad && end === 'handed-out')
        tally.losses.push(`seed ${seed}: a secret that no replica takes was handed out`)
      return
    } catch (error) {
      if (!(error instanceof Killed) || !seen.killed) throw error
      tally.kills += 1
      tally.steps[step] = (tally.steps[step] ?? 0) + 1
      swarm.pass(chance.below(20))
    }
  }
}

/** Kills over simulated engines, until there have been so many. */
export async function killFleet(seed: number, kills: number): Promise<FleetTally> {
  const tally: FleetTally = { kills: 0, steps: {}, ends: { 'handed-out': 0, 'rolled-back': 0 }, losses: [] }
  for (let at = 0; tally.kills < kills; at++) await round(seed + at, tally)
  return tally
}

/** `npm run torture -- fleet`. */
export async function tortureFleet(seed: number, kills: number): Promise<boolean> {
  const { kills: killed, steps, ends, losses } = await killFleet(seed, kills)
  for (const loss of losses) console.log(`LOST ${loss}`)
  console.log(
    `fleet: ${killed} kills over simulated engines, ${losses.length} losses; at ${JSON.stringify(steps)}; ` +
      `${ends['handed-out']} handed out, ${ends['rolled-back']} rolled back`,
  )
  return losses.length === 0
}
