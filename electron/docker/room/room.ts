import type Dockerode from 'dockerode'
import type { RoomItem, RoomRemoval, RoomReport } from '../../../shared/contract'
import { coalesce } from '../../async/coalesce'
import type { Engine } from '../engine'
import { decideRoom, type Decided, type KnownNeeds, type SeenCache, type SeenImage } from './decide'
import { roomForImages } from './free'
import { readLists, readTaggedAt, readUsage } from './read'
import { Removals, type Removing } from './removal'

export interface RoomOptions {
  engine: Pick<Engine, 'client' | 'containers' | 'status'>
  /** What is needed beside what the engine lists. Never rejects: what cannot be read is told as such. */
  needs: () => Promise<KnownNeeds>
  auditFirst: Removing['auditFirst']
  reportBug: (error: unknown) => void
  now?: () => number
}

/** The engine reads every layer to count: on a slow disk that takes its time, in ms. */
const countMs = 60_000

interface Counted {
  shared: ReadonlyMap<string, number | null>
  written: ReadonlyMap<string, number | null>
  cache: SeenCache | null
}

const nothing: Counted = { shared: new Map(), written: new Map(), cache: null }

/** Decides on the lists as they are at this moment. */
async function decide(
  docker: Dockerode,
  needs: KnownNeeds,
  { counted, now }: { counted: Counted; now: number },
): Promise<Decided & { images: readonly SeenImage[]; containerIds: ReadonlySet<string> }> {
  const lists = await readLists(docker)
  const images = lists.images.map((image) => ({ ...image, sharedBytes: counted.shared.get(image.id) ?? null }))
  const containers = lists.containers.map((one) => ({ ...one, writtenBytes: counted.written.get(one.id) ?? null }))
  const first = decideRoom({ images, containers, cache: counted.cache }, needs, now)
  // Only of what would be offered is asked when it came: that is a call each.
  const offered = new Set(first.items.map(({ id }) => id))
  const dated = await Promise.all(
    images.map(async (image) =>
      offered.has(`image:${image.id}`) ? { ...image, taggedAt: await readTaggedAt(docker, image.id) } : image,
    ),
  )
  return {
    ...decideRoom({ images: dated, containers, cache: counted.cache }, needs, now),
    images: dated,
    containerIds: new Set(containers.map(({ id }) => id)),
  }
}

/** What Docker keeps and nothing needs any more, and its removal, one thing after another. Never a volume. */
export function createRoom({ engine, needs, auditFirst, reportBug, now = Date.now }: RoomOptions) {
  const removals = new Removals({
    auditFirst,
    reportBug,
    now,
    client: () => engine.client(),
    needs,
    async look(docker, known) {
      const { items, images, containerIds } = await decide(docker, known, { counted: nothing, now: now() })
      const there = new Set([
        ...images.map(({ id }) => `image:${id}`),
        ...[...containerIds].map((id) => `container:${id}`),
      ])
      return { offered: new Set(items.map(({ id }) => id)), there, images }
    },
  })
  /** As the last report told them. */
  let told: readonly RoomItem[] = []

  const report = coalesce(async (): Promise<RoomReport> => {
    const docker = await engine.client()
    const [known, counted, free] = await Promise.all([
      needs(),
      readUsage(docker, AbortSignal.timeout(countMs)).catch(() => nothing), // sizes are unknown then, not wrong
      roomForImages(engine),
    ])
    const { items, kept, needed } = await decide(docker, known, { counted, now: now() })
    told = items
    return {
      ...{ at: now(), items, kept, needed },
      cacheBytes: counted.cache?.totalBytes ?? null,
      freeBytes: free.leastBytes ?? free.mostBytes,
      unread: [...known.unread],
      removal: removals.last(),
    }
  })

  return {
    /** What nothing needs any more. Throws a Problem when there is no engine. */
    report,
    /**
     * Removes what a report offered; answers the end, or without waiting the beginning. Throws `room.not-offered` for
     * what none did, and `room.busy`.
     */
    async remove(ids: readonly string[], who: string, { waits }: { waits: boolean }): Promise<RoomRemoval> {
      if (!ids.every((id) => told.some((item) => item.id === id))) await report()
      return removals.begin(ids, { told, who, waits })
    },
    removal: () => removals.last(),
    watch: (signal: AbortSignal) => removals.watch(signal),
    /** Stops after what is being removed now. Throws `room.not-running`. */
    cancel: () => removals.cancel(),
    close: () => removals.close(),
  }
}

export type Room = ReturnType<typeof createRoom>
