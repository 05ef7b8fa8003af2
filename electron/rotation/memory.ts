import type { Rotation } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import { createLatest } from '../async/latest'
import type { CredentialsContext } from '../credentials/context'
import type { RotationEnd } from './parts'

/** A rotation that runs now. */
export interface ActiveRotation {
  rotation: Rotation
  controller: AbortController
  ended: Promise<RotationEnd>
  /** It puts in order what an earlier run left, and cannot be cancelled. */
  isRecovery: boolean
}

export type Memory = ReturnType<typeof createMemory>

type Listeners = Map<string, Set<(rotation: Rotation) => void>>

/** What is known of rotations: those that run, and each credential's last, of earlier runs too. Changes are told. */
export function createMemory(former: readonly Rotation[], { publish }: Pick<CredentialsContext, 'publish'>) {
  const byId = new Map(former.map((rotation) => [rotation.id, rotation]))
  const lastOf = new Map(former.map((rotation) => [rotation.credentialId, rotation]))
  const active = new Map<string, ActiveRotation>()
  const listeners: Listeners = new Map()
  return {
    byId,
    lastOf,
    active,
    ends: new Map<string, RotationEnd>(),
    /** What recoveries wait for, by credential. */
    waiting: new Map<string, Reason>(),
    changed: (rotation: Rotation) => {
      byId.set(rotation.id, rotation)
      lastOf.set(rotation.credentialId, rotation)
      const running = active.get(rotation.credentialId)
      if (running) running.rotation = rotation
      publish({ type: 'rotation', rotation })
      for (const listen of listeners.get(rotation.credentialId) ?? []) listen(rotation)
    },
    watch: (id: string, signal: AbortSignal) => watch({ lastOf, listeners }, id, signal),
  }
}

/** Yields the newest state only: a slow reader skips what lies between. */
async function* watch(
  { lastOf, listeners }: { lastOf: Map<string, Rotation>; listeners: Listeners },
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Rotation, void, undefined> {
  const begun = lastOf.get(id)
  if (!begun) return
  const news = createLatest<Rotation>()
  news.put(begun)
  const mine = listeners.get(id) ?? new Set()
  listeners.set(id, mine.add(news.put))
  try {
    for (let rotation = await news.next(signal); rotation; rotation = await news.next(signal)) {
      yield rotation
      if (rotation.state !== 'running') return
    }
  } finally {
    mine.delete(news.put)
    if (mine.size === 0) listeners.delete(id)
  }
}
