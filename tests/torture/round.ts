import { Rotation } from '../../shared/contract'
import type { TornKind } from './kind'
import { checkWorld, recovered, type Asked } from './checks'
import type { Failpoint } from './failpoints'
import { childrenOf, Refusal, type PanelProcess } from './process'
import type { World } from './world'

/** When the panel is killed: where it stands, or so long after the request, in ms. */
export type Blow = { type: 'failpoint'; failpoint: Failpoint } | { type: 'instant'; afterMs: number }

export interface Round {
  name: string
  /** The credentials that are rotated, at the same time. */
  rotate: readonly TornKind[]
  /** Cancelled as soon as it has begun, so that it rolls back by itself. */
  cancel?: boolean
  /** Something else that is done to the panel while it is killed. */
  act?: (panel: PanelProcess) => Promise<unknown>
  blow: Blow
  /** A second kill, while the next life puts in order what the first one left. */
  again?: Blow
  /** The guardians of native programs are killed too, so that the services live on. */
  orphan?: boolean
}

export interface Tally {
  rounds: number
  kills: number
  restarts: number
  /** Kills while a life put in order what the one before left. */
  duringRecovery: number
  /** Kills by the journal's step at which they were aimed. */
  steps: Record<string, number>
  endings: Record<'committed' | 'rolled-back' | 'nothing', number>
  losses: string[]
}

export const newTally = (): Tally => ({
  rounds: 0,
  kills: 0,
  restarts: 0,
  duringRecovery: 0,
  steps: {},
  endings: { committed: 0, 'rolled-back': 0, nothing: 0 },
  losses: [],
})

/** The counts in a few words. */
export function describeTally({ kills, duringRecovery, restarts, endings, losses }: Tally): string {
  const { committed, 'rolled-back': back, nothing } = endings
  const words = [`${kills} kills (${duringRecovery} of them during recovery)`, `${restarts} restarts`]
  words.push(`${committed} committed, ${back} rolled back, ${nothing} not begun`)
  return [...words, `${losses.length} losses`].join(', ')
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const signal = (pid: number, name: NodeJS.Signals) => {
  try {
    process.kill(pid, name)
  } catch {
    // it has ended
  }
}

/** Kills the panel at the blow, or when all is done; tells whether a failpoint was reached. */
async function strike(panel: PanelProcess, blow: Blow, done: Promise<unknown>, orphan: boolean): Promise<boolean> {
  if (blow.type === 'failpoint') {
    await Promise.race([panel.gone, done])
    if (!panel.lives()) return true
    // The answer may break off a moment before the process is seen to be gone.
    await Promise.race([panel.gone, pause(100)])
    const reached = !panel.lives()
    await panel.kill()
    return reached
  }
  await pause(blow.afterMs)
  const guardians = orphan ? childrenOf(panel.pid) : []
  for (const pid of guardians) signal(pid, 'SIGSTOP')
  await panel.kill()
  for (const pid of guardians) signal(pid, 'SIGKILL')
  return true
}

/** Asks for the rotations; notes what the panel had answered when it died. */
function ask(panel: PanelProcess, round: Round, asked: Asked) {
  const answered = new Map<TornKind, 'committed' | 'refused'>()
  const calls = round.rotate.map(async (kind) => {
    try {
      const body = { operationId: asked[kind] }
      const rotation = Rotation.parse(await panel.call('POST', `credentials/${kind}/rotate`, body))
      if (rotation.state === 'committed') answered.set(kind, 'committed')
    } catch (error) {
      if (error instanceof Refusal) answered.set(kind, 'refused')
    }
  })
  const cancels = round.cancel
    ? round.rotate.map(async (kind) => {
        for (let tries = 0; tries < 200 && panel.lives(); tries++) {
          const done = await panel.call('POST', `credentials/${kind}/rotation/cancel`, {}).then(
            () => true,
            () => false,
          )
          if (done) return
        }
      })
    : []
  const acts = round.act ? [round.act(panel).catch(() => undefined)] : []
  return { answered, done: Promise.all([...calls, ...cancels, ...acts]) }
}

let operations = 0

/**
 * One round: rotations are asked for, the panel is killed, started again on the same folder, maybe killed once more,
 * and then nothing may be lost. Resolves with whether the failpoint was reached.
 */
export async function playRound(world: World, round: Round, tally: Tally): Promise<boolean> {
  tally.rounds += 1
  const asked: Asked = {}
  for (const kind of round.rotate) asked[kind] = `round-${process.pid}-${++operations}-${kind}`
  try {
    const before = await world.secrets()
    const panel = world.panel()
    await panel.arm(round.blow.type === 'failpoint' ? round.blow.failpoint : null)
    const { answered, done } = ask(panel, round, asked)
    const reached = await strike(panel, round.blow, done, round.orphan === true)
    await done
    tally.kills += 1
    if (round.blow.type === 'failpoint' && round.blow.failpoint.at === 'journal' && reached) {
      const { step, when } = round.blow.failpoint
      tally.steps[`${step} ${when}`] = (tally.steps[`${step} ${when}`] ?? 0) + 1
    }
    if (round.again) await killAgain(world, round.again, tally)
    tally.restarts += 1
    await world.begin().listening()
    await recovered(world)
    const endings = await checkWorld(world, asked, before)
    for (const kind of round.rotate) {
      const ending = endings[kind] ?? 'nothing'
      tally.endings[ending] += 1
      const word = answered.get(kind)
      if (word === 'committed' && ending !== 'committed')
        throw new Error(`${kind}: answered as committed, then told as ${ending}`)
    }
    return reached
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    tally.losses.push(`${world.name}, ${round.name}: ${why}`)
    throw new Loss(`${round.name}: ${why}`)
  }
}

/** Thrown when something was lost: the world is then kept for a person to look at. */
export class Loss extends Error {}

async function killAgain(world: World, blow: Blow, tally: Tally) {
  const panel = world.begin(blow.type === 'failpoint' ? blow.failpoint : null)
  tally.restarts += 1
  const done = panel.listening().then(
    () => recovered(world).catch(() => undefined),
    () => undefined,
  )
  if (blow.type === 'instant') {
    await Promise.race([panel.listening().catch(() => undefined), panel.gone])
  }
  await strike(panel, blow, done, false)
  await done
  tally.kills += 1
  tally.duringRecovery += 1
}
