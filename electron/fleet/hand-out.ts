import type { FleetService } from '../../shared/contract'

/** One version of a service's secret, as the Swarm holds it. */
export interface SecretVersion {
  /** The secrets of it, one for each place in the container. */
  ids: string[]
  fingerprint: string
}

/** What the Swarm holds of a service's secret now. There is no journal beside it: this is all that a new start needs. */
export interface SecretState {
  versions: SecretVersion[]
  /** The secrets that the service is told to take. */
  named: string[]
  /** Those that each replica has that is there or about to be. */
  held: string[][]
  /** Whether all of them run. */
  areUp: boolean
  update: FleetService['update']
}

/** What the step machine does to a Swarm. */
export interface SecretHands {
  look(): Promise<SecretState>
  /** Makes the version that is wanted. */
  create(): Promise<void>
  /** Tells the service to take a version; Swarm then replaces its replicas, one after the other. */
  name(version: SecretVersion): Promise<void>
  /** Says what the service has been told once more: an update that was paused goes on. */
  resume(): Promise<void>
  /** Removes secrets that the service does not name; waits until no replica holds one. */
  remove(ids: readonly string[]): Promise<void>
  /** Waits until it is worth looking again; rejects when it has been too long. */
  wait(): Promise<void>
}

export type HandOutEnd = 'handed-out' | 'rolled-back'

type Step =
  | { do: 'create' | 'resume' | 'wait' }
  | { do: 'name'; version: SecretVersion }
  | { do: 'remove'; ids: string[]; end: HandOutEnd }
  | { do: 'end'; end: HandOutEnd }

const isSame = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((id) => other.includes(id))

/** The end that was reached, once everything that the service does not name has been removed. */
function tidied({ versions, named }: SecretState, end: HandOutEnd): Step {
  const ids = versions.flatMap((version) => version.ids).filter((id) => !named.includes(id))
  return ids.length > 0 ? { do: 'remove', ids, end } : { do: 'end', end }
}

/**
 * The next step from what there is. `hasNamed`: the version was named before, in this run: where another one is named now,
 * Swarm has rolled back. A run that was killed begins anew, and goes on where the Swarm is by then.
 */
export function nextStep(state: SecretState, wanted: string, hasNamed: boolean): Step {
  switch (state.update) {
    case 'updating':
    case 'rolling-back':
      return { do: 'wait' }
    case 'paused':
      return { do: 'resume' }
    case 'none':
    case 'completed':
    case 'rolled-back':
    case 'unknown':
      break
  }
  // Swarm tells the end of an update before the last replica is gone that had the old one, and of a roll-back before all run.
  if (!state.areUp || !state.held.every((ids) => isSame(ids, state.named))) return { do: 'wait' }
  const isNamed = state.versions.some(({ fingerprint, ids }) => fingerprint === wanted && isSame(ids, state.named))
  if (isNamed) return tidied(state, 'handed-out')
  if (hasNamed) return tidied(state, 'rolled-back')
  const places = state.named.length
  const made = state.versions.find(({ fingerprint, ids }) => fingerprint === wanted && ids.length === places)
  return made ? { do: 'name', version: made } : { do: 'create' }
}

/** Does step after step until every replica has one and the same version, and the Swarm holds no other. */
export async function handOut(hands: SecretHands, wanted: string): Promise<HandOutEnd> {
  let hasNamed = false
  for (;;) {
    const step = nextStep(await hands.look(), wanted, hasNamed)
    switch (step.do) {
      case 'create':
        await hands.create()
        break
      case 'name':
        await hands.name(step.version)
        hasNamed = true
        break
      case 'resume':
        await hands.resume()
        break
      case 'wait':
        await hands.wait()
        break
      case 'remove':
        await hands.remove(step.ids)
        break
      case 'end':
        return step.end
    }
  }
}
