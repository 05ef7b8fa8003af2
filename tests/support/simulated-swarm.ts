import type { SecretHands, SecretState, SecretVersion } from '../../electron/fleet/hand-out'

/** Regie is gone in the middle of a step. */
export class Killed extends Error {}

/** By what it is decided how long a replica takes, and whether a node refuses it. */
interface SwarmChance {
  below(end: number): number
  is(probability: number): boolean
}

interface Replica {
  has: string
  /** Ticks until it is up, or has failed. */
  left: number
}

/**
 * A Swarm that keeps the order in which a real one was seen to do things (Docker 20.10.24): an update names the new secret
 * at once and replaces one replica after the other; where one fails, the spec is turned back first, told as
 * `rollback_started`, then the replicas; a roll-back may pause; what a replica holds cannot be removed. It goes on by
 * itself while Regie is away.
 */
export function simulatedSwarm(chance: SwarmChance, replicas: number) {
  const secrets = new Map([['s0', 'v0']])
  let named = 's0'
  let former = 's0'
  let update: SecretState['update'] = 'none'
  let made = 0
  const bad = new Set<string>()
  const running: Replica[] = Array.from({ length: replicas }, () => ({ has: 's0', left: 0 }))

  const fails = () => {
    if (update === 'updating') {
      named = former
      update = 'rolling-back'
    } else update = 'paused'
  }
  const tick = () => {
    if (update !== 'updating' && update !== 'rolling-back') return
    // One that fails with a secret that is no longer named is replaced, and not waited for.
    const rising = running.find(({ has, left }) => left > 0 && has === named)
    if (rising) {
      rising.left -= 1
      if (rising.left > 0) return
      const isBad = bad.has(secrets.get(rising.has) ?? '')
      // A node that refuses a task once, as they do while the network is new to it.
      if (isBad || chance.is(0.1)) {
        if (isBad) rising.left = 1
        fails()
      }
      return
    }
    const next = running.find(({ has }) => has !== named)
    if (next) Object.assign(next, { has: named, left: 1 + chance.below(3) })
    else update = update === 'updating' ? 'completed' : 'rolled-back'
  }
  const hands = (wanted: string): SecretHands => ({
    look: () =>
      Promise.resolve({
        ...{ named: [named], held: running.map(({ has }) => [has]), update },
        areUp: running.every(({ left }) => left === 0),
        versions: [...secrets].map(([id, fingerprint]): SecretVersion => ({ ids: [id], fingerprint })),
      }),
    create() {
      made += 1
      secrets.set(`s${made}`, wanted)
      return Promise.resolve()
    },
    name({ ids: [id = ''] }) {
      if (!secrets.has(id)) throw new Error(`no secret ${id}`)
      former = named
      named = id
      update = 'updating'
      return Promise.resolve()
    },
    resume() {
      former = named
      update = 'updating'
      return Promise.resolve()
    },
    remove(ids) {
      for (const id of ids) {
        if (id === named || running.some(({ has }) => has === id)) throw new Error(`secret ${id} is in use`)
        secrets.delete(id)
      }
      return Promise.resolve()
    },
    wait() {
      tick()
      return Promise.resolve()
    },
  })
  return {
    hands,
    /** Replicas with this secret never come up. */
    refuse: (fingerprint: string) => void bad.add(fingerprint),
    /** What goes on while nobody looks. */
    pass: (ticks: number) => {
      for (let at = 0; at < ticks; at++) tick()
    },
    /** What each replica accepts, and what the Swarm still holds. */
    accepted: () => new Set(running.map(({ has }) => secrets.get(has) ?? 'none')),
    kept: () => [...secrets.values()],
    areUp: () => running.every(({ left }) => left === 0),
  }
}

export const killSteps = ['look', 'create', 'name', 'resume', 'remove', 'wait'] as const
export type KillStep = (typeof killSteps)[number]

/** The same hands, killed once at the nth call of a step: before it, or when it has been done and nobody knows. */
export function killedAt(hands: SecretHands, { step, nth, after }: { step: KillStep; nth: number; after: boolean }) {
  let calls = 0
  const seen = { killed: false }
  const once = <A extends unknown[], R>(name: KillStep, act: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      const isNow = name === step && !seen.killed && ++calls === nth
      if (isNow) seen.killed = true
      if (isNow && !after) throw new Killed(name)
      const result = await act(...given)
      if (isNow) throw new Killed(name)
      return result
    }
  }
  const killing: SecretHands = {
    look: once('look', () => hands.look()),
    create: once('create', () => hands.create()),
    name: once('name', (version) => hands.name(version)),
    resume: once('resume', () => hands.resume()),
    remove: once('remove', (ids) => hands.remove(ids)),
    wait: once('wait', () => hands.wait()),
  }
  return { hands: killing, seen }
}
