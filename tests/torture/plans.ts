import type { TornKind } from './kind'
import type { Chance } from './chance'
import type { PanelProcess } from './process'
import { Loss, playRound, type Blow, type Round, type Tally } from './round'
import { kinds, type World } from './world'

export const steps = ['prepare', 'write', 'apply', 'prove', 'commit', 'roll-back', 'end'] as const

/** A kill before and after each line of the journal. */
export const journalRounds = (kind: TornKind): Round[] =>
  steps.flatMap((step) =>
    (['before', 'after'] as const).map((when): Round => ({
      name: `${kind}, journal ${step} ${when}`,
      rotate: [kind],
      cancel: step === 'roll-back',
      blow: { type: 'failpoint', failpoint: { at: 'journal', step, when } },
    })),
  )

/** A kill at the nth change of a file. */
export const operationRound = (kind: TornKind, nth: number, torn: boolean): Round => ({
  name: `${kind}, change ${nth}${torn ? ', torn' : ''}`,
  rotate: [kind],
  blow: { type: 'failpoint', failpoint: { at: 'operation', nth, torn } },
})

/** How long rotations of both credentials take, undisturbed, in ms; and how many files each changes. */
export async function measure(world: World): Promise<{ ms: number; changes: Record<TornKind, number> }> {
  const panel = world.panel()
  const changes = { comfyui: 0, forge: 0 }
  let longest = 0
  await panel.arm(null)
  for (const kind of kinds) {
    const start = performance.now()
    await panel.call('POST', `credentials/${kind}/rotate`, {})
    longest = Math.max(longest, performance.now() - start)
    changes[kind] = await panel.arm(null)
  }
  return { ms: longest, changes }
}

/** A kill at a random instant of a rotation, sometimes of both, and sometimes once more while it recovers. */
export function randomRound(chance: Chance, ms: number, at: number, { orphans }: { orphans: boolean }): Round {
  const both: readonly TornKind[] = kinds
  const rotate = chance.is(0.4) ? both : [chance.one<TornKind>(['comfyui', 'forge'])]
  const afterMs = Math.round(chance.between(0, rotate.length * 1.1 * ms))
  const again: Blow | null = !chance.is(0.25)
    ? null
    : chance.is(0.5)
      ? { type: 'instant', afterMs: Math.round(chance.between(0, ms)) }
      : {
          type: 'failpoint',
          failpoint: { at: 'operation', nth: 1 + chance.below(120), torn: chance.is(0.5) },
        }
  return {
    name: `random ${at}, after ${afterMs} ms${again ? ' and again' : ''}`,
    rotate,
    blow: { type: 'instant', afterMs },
    ...(again ? { again } : {}),
    orphan: orphans && chance.is(0.3),
  }
}

/** Acts on credentials that are no rotation, killed at a random change of a file. */
export function otherRound(chance: Chance, at: number, world: World): Round {
  const extra = `extra-${at}`
  const acts: Record<string, (panel: PanelProcess) => Promise<unknown>> = {
    create: (panel) =>
      panel.call('POST', 'credentials', {
        id: extra,
        scheme: 'token',
        sinks: [{ type: 'file', path: `${world.root}/stack-${extra}` }],
      }),
    sync: (panel) => panel.call('POST', 'credentials/comfyui/sync', {}),
    remove: async (panel) => {
      await panel.call('POST', 'credentials', { id: extra, scheme: 'token' })
      await panel.call('DELETE', `credentials/${extra}`)
    },
    verify: (panel) => panel.call('POST', 'credentials/forge/verify', {}),
    // The key file makes way for another; a rotation may go on meanwhile.
    keeper: (panel) => panel.call('POST', 'vault/keeper', { passphrase: null }),
  }
  const name = chance.one(['create', 'sync', 'remove', 'verify', 'keeper'])
  const act = acts[name]
  return {
    name: `${name} ${at}`,
    rotate: name === 'keeper' && chance.is(0.5) ? ['comfyui'] : [],
    ...(act ? { act } : {}),
    blow: {
      type: 'failpoint',
      failpoint: { at: 'operation', nth: 1 + chance.below(name === 'keeper' ? 120 : 40), torn: chance.is(0.5) },
    },
  }
}

/** Plays rounds in one world until they are over or the signal aborts; a world in which something was lost is given up for a new one. */
export async function playAll(
  make: () => Promise<World>,
  rounds: (world: World) => AsyncIterable<Round> | Iterable<Round>,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const world = await make()
  try {
    for await (const round of rounds(world)) {
      if (signal.aborted) break
      await playRound(world, round, tally)
    }
    await world.remove()
  } catch (error) {
    if (!(error instanceof Loss)) throw error
    // Kept for a person to look at.
    console.log(`  what was lost lies in ${world.root}`)
    if (world.panel().lives()) await world.panel().stop()
  }
}
