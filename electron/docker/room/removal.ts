import { randomUUID } from 'node:crypto'
import type Dockerode from 'dockerode'
import * as z from 'zod'
import type { RoomItem, RoomRemoval, RoomRemoved } from '../../../shared/contract'
import { Problem, reason } from '../../../shared/problems'
import { createWake } from '../../async/wake'
import type { Audit } from '../../audit/audit'
import { dial } from './dial'
import type { KnownNeeds, SeenImage } from './decide'

/** What is there, and what of it nothing needs, at one moment; by the ids of a report. */
interface Look {
  offered: ReadonlySet<string>
  there: ReadonlySet<string>
  images: readonly SeenImage[]
}

export interface Removing {
  client: () => Promise<Dockerode>
  needs: () => Promise<KnownNeeds>
  look: (docker: Dockerode, needs: KnownNeeds) => Promise<Look>
  /** Written before anything is removed; what cannot be written is not done. */
  auditFirst: Audit['appendFirst']
  reportBug: (error: unknown) => void
  now: () => number
}

interface Running {
  removal: RoomRemoval
  abort: AbortController
  done: Promise<RoomRemoval>
}

/** An image is deleted layer by layer, a large one in minutes; a cache of hundreds of GB too. */
const patienceMs = 30 * 60_000

const Pruned = z.object({ SpaceReclaimed: z.number().nonnegative().catch(0) })

/** What an error of the engine says: its status and its words. */
const Refused = z.object({ statusCode: z.number(), json: z.object({ message: z.string() }).nullish().catch(null) })

/** Removes one thing after another, each looked at again right before. Without force: the engine refuses what is in use. */
export class Removals {
  readonly #parts: Removing
  readonly #changed = createWake()
  #running: Running | null = null
  #last: RoomRemoval | null = null

  constructor(parts: Removing) {
    this.#parts = parts
  }

  async begin(
    ids: readonly string[],
    { told, who, waits }: { told: readonly RoomItem[]; who: string; waits: boolean },
  ): Promise<RoomRemoval> {
    if (this.#running) throw new Problem('room.busy')
    const items = [...new Set(ids)].map((id): RoomRemoved => {
      const item = told.find((one) => one.id === id)
      if (!item) throw new Problem('room.not-offered', { id })
      return { id, kind: item.kind, name: item.name, state: 'waiting', freedBytes: item.freesBytes }
    })
    const { now, auditFirst } = this.#parts
    const removal: RoomRemoval = {
      ...{ id: randomUUID(), state: 'running', startedAt: now(), finishedAt: null, startedBy: who, items },
    }
    const abort = new AbortController()
    const names = items.map(({ kind, name }) => (name === '' ? kind : name)).join(', ')
    const details = { count: items.length, names: names.slice(0, 2000) }
    const audited = auditFirst({ who, action: 'docker.room-removal', target: '', details })
    const done = audited.then(() => this.#carryOut(removal, abort.signal))
    // Taken before anything is awaited, so that a second call is refused.
    this.#running = { removal, abort, done: done.catch(() => removal) }
    try {
      await audited
    } catch (error) {
      this.#running = null
      throw error
    }
    return waits ? done : structuredClone(removal)
  }

  last(): RoomRemoval | null {
    return structuredClone(this.#running?.removal ?? this.#last)
  }

  async *watch(signal: AbortSignal): AsyncGenerator<RoomRemoval, void, undefined> {
    const changed = this.#changed.reader()
    while (!signal.aborted) {
      const removal = this.last()
      if (removal) yield removal
      if (removal?.state !== 'running') return
      await changed(signal)
    }
  }

  async cancel(): Promise<RoomRemoval> {
    if (!this.#running) throw new Problem('room.not-running')
    this.#running.abort.abort()
    return this.#running.done
  }

  async close(): Promise<void> {
    this.#running?.abort.abort()
    await this.#running?.done
  }

  /** Never rejects. */
  async #carryOut(removal: RoomRemoval, signal: AbortSignal): Promise<RoomRemoval> {
    const { now, needs, client, reportBug, auditFirst } = this.#parts
    try {
      const [docker, known] = [await client(), await needs()]
      for (const item of removal.items) {
        if (signal.aborted) break
        this.#tell(item, { state: 'removing' })
        this.#tell(
          item,
          await this.#remove(item, { docker, known, signal }).catch((error: unknown) => toldOf(error, item)),
        )
      }
    } catch (error) {
      if (!(error instanceof Problem)) reportBug(error)
      const why = error instanceof Problem ? error.reason : reason('room.failed', { detail: 'unknown' })
      for (const item of removal.items)
        if (item.state === 'waiting') Object.assign(item, { state: 'failed', freedBytes: null, reason: why })
    }
    const isWhole = removal.items.every(({ state }) => state !== 'waiting')
    Object.assign(removal, { state: isWhole ? 'done' : 'cancelled', finishedAt: now() })
    const count = (state: RoomRemoved['state']) => removal.items.filter((item) => item.state === state).length
    const details = { removed: count('removed'), kept: count('kept'), failed: count('failed'), left: count('waiting') }
    const entry = { who: removal.startedBy, action: 'docker.room-removed', target: '', details }
    await auditFirst(entry).catch(reportBug)
    this.#last = removal
    this.#running = null
    this.#changed.wake()
    return structuredClone(removal)
  }

  #tell(item: RoomRemoved, change: Partial<RoomRemoved>) {
    Object.assign(item, change)
    this.#changed.wake()
  }

  async #remove(item: RoomRemoved, at: At): Promise<Partial<RoomRemoved>> {
    switch (item.kind) {
      case 'build-cache':
        return { state: 'removed', freedBytes: await pruneCache(at.docker, at.signal) }
      case 'container':
      case 'image': {
        const { offered, there, images } = await this.#parts.look(at.docker, at.known)
        if (!there.has(item.id)) return kept(reason('room.gone', { name: item.name }))
        if (!offered.has(item.id)) return kept(reason('room.in-use', { name: item.name }))
        if (item.kind === 'container') await removeContainer(at.docker, item.id)
        else await this.#removeImage(item.id, images, at)
        return { state: 'removed' }
      }
    }
  }

  /** The image, and below it what was only there for it: each looked at again before. */
  async #removeImage(first: string, images: readonly SeenImage[], { docker, known, signal }: At): Promise<void> {
    const { tags = [] } = images.find((one) => `image:${one.id}` === first) ?? {}
    // The engine removes by its id what has a name in one place alone; these nobody needs any more.
    const needless = tags.filter((tag) => known.letGo.has(tag)).slice(tags.every((tag) => known.letGo.has(tag)) ? 1 : 0)
    for (const tag of needless) await docker.getImage(tag).remove({ noprune: true, abortSignal: patience() })
    for (let id: string | null = first; id !== null;) {
      // The engine would take parents along by its own rules; these are asked one by one.
      await docker.getImage(id.slice('image:'.length)).remove({ noprune: true, abortSignal: patience() })
      const parent: string | null = images.find((one) => `image:${one.id}` === id)?.parentId ?? null
      if (parent === null || signal.aborted) return
      const above = images.find((one) => one.id === parent)
      const { offered } = await this.#parts.look(docker, known)
      const isFree = above?.tags.length === 0 && above.digests.length === 0 && offered.has(`image:${parent}`)
      id = isFree ? `image:${parent}` : null
    }
  }
}

interface At {
  docker: Dockerode
  known: KnownNeeds
  signal: AbortSignal
}

const kept = (why: RoomRemoved['reason']): Partial<RoomRemoved> => ({
  state: 'kept',
  freedBytes: null,
  ...(why && { reason: why }),
})

const patience = () => AbortSignal.timeout(patienceMs)

/** Its volumes stay, also those without a name. */
const removeContainer = (docker: Dockerode, id: string): Promise<unknown> =>
  docker.getContainer(id.slice('container:'.length)).remove({ v: false, force: false, abortSignal: patience() })

/** What no build uses; the engine keeps the rest. Bytes that it says it gave back. */
async function pruneCache(docker: Dockerode, signal: AbortSignal): Promise<number> {
  const answer = await dial(docker, {
    method: 'POST',
    path: '/build/prune?all=true',
    signal: AbortSignal.any([signal, patience()]),
  })
  return Pruned.parse(answer ?? {}).SpaceReclaimed
}

/** How a refusal of the engine is told: what is in use is kept, what is gone was somebody else's doing. */
function toldOf(error: unknown, { name }: RoomRemoved): Partial<RoomRemoved> {
  if (error instanceof Problem) return { state: 'failed', freedBytes: null, reason: error.reason }
  const refused = Refused.safeParse(error).data
  if (refused?.statusCode === 409) return kept(reason('room.in-use', { name }))
  if (refused?.statusCode === 404) return kept(reason('room.gone', { name }))
  const detail = refused?.json?.message ?? (error instanceof Error ? error.message : 'unknown')
  return { state: 'failed', freedBytes: null, reason: reason('room.failed', { detail: detail.trim().slice(0, 300) }) }
}
