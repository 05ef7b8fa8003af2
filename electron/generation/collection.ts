import {
  mostAtOnce,
  type AccountId,
  type Archive,
  type BinPage,
  type GalleryChange,
  type GalleryChanged,
  type GalleryPerson,
  type GalleryTag,
  type GalleryTotals,
  type Generation,
  type UsedPrompt,
} from '../../shared/contract'
import type { Clock } from '../async/clock'
import { createArchives, type ArchiveFile } from './archive'
import { createPurge } from './bin'
import { createChanges, mayKnow, type Changer } from './changes'
import type { Gallery } from './gallery'
import type { Images } from './images'
import { promptHistory } from './presets'
import type { Reading } from './reading'
import type { FilterQuery } from './store'

/** What is done with the gallery as a whole, and with many of it at once. Calls throw a Problem on expected failures. */
export interface Collection {
  /** `binOf`: whose bin; left out: everybody's. */
  totals(
    query: FilterQuery,
    binOf?: AccountId,
  ): {
    matching: GalleryTotals
    ended: number
    all: GalleryTotals
    favourites: number
    bin: GalleryTotals
  }
  /** The newest ids of a filter, as many as one call takes. */
  ids(query: FilterQuery): string[]
  tags(by?: AccountId): GalleryTag[]
  models(by?: AccountId): string[]
  people(by?: AccountId): GalleryPerson[]
  change(ids: readonly string[], change: GalleryChange, by: Changer): GalleryChanged
  /** Moves one that has ended to the bin. */
  remove(id: string, by: Changer): void
  restore(id: string, by: Changer): Generation
  bin(query: { limit: number; cursor?: string | undefined; by?: AccountId | undefined }): BinPage
  /** Puts back all that is in the bin. Returns how many. */
  restoreAll(by: Changer): number
  /** Deletes for good what is in the bin: some of it, or all. Resolves with how many. */
  emptyBin(ids: readonly string[] | null, by: Changer): Promise<number>
  /** Orders the images of those that the caller sees as one ZIP. Throws a Problem where there is none. */
  archive(ids: readonly string[], by: Changer): Promise<Archive>
  /** The prompts that an account used last, each once. */
  prompts(account: AccountId, limit: number): UsedPrompt[]
  /** The ZIP that `owner` ordered. */
  download(id: string, owner: AccountId): ArchiveFile
}

interface CollectionParts extends Pick<Gallery, 'store' | 'notes' | 'bin'> {
  images: Images
  reading: Reading
  publish: Parameters<typeof createChanges>[0]['publish']
  reportBug: (error: unknown) => void
  clock: Clock
}

export function createCollection({ store, notes, bin, images, reading, publish, reportBug, clock }: CollectionParts) {
  const changed = () => publish({ type: 'gallery' })
  const purge = createPurge({ store, records: bin, images, clock, changed, reportBug })
  const archives = createArchives({ images, now: () => clock.now() })
  const changes = createChanges({
    ...{ store, notes, publish },
    current: (id) => (store.find(id) ? reading.get(id) : null),
    isGoing: (id) => purge.isGoing(id),
    isBinned: (id) => bin.has(id),
    now: () => clock.now(),
    binned: () => purge.sleep(),
  })

  const calls: Collection = {
    totals: (query, binOf) => {
      const { sees, reader } = query
      return {
        matching: store.totals(query),
        ended: store.totals({ ...query, show: 'ended' }).generations,
        all: store.totals({ sees, show: 'images' }),
        favourites: store.totals({ sees, reader, favourite: true }).generations,
        bin: bin.totals(binOf),
      }
    },
    ids: (query) => store.ids(query, mostAtOnce),
    tags: (by) => notes.tags(by),
    models: (by) => notes.models(by),
    people: (by) => notes.people(by),
    change: (ids, change, by) => changes.many(ids, change, by),
    remove: (id, by) => changes.one(id, { bin: true }, by),
    restore(id, by) {
      changes.one(id, { bin: false }, by)
      return reading.get(id, by.account)
    },
    bin: (query) => bin.page(query),
    restoreAll: (by) => changes.many(bin.ids({ by: by.only ?? undefined }), { bin: false }, by).changed.length,
    emptyBin(ids, by) {
      const all = bin.ids({ by: by.only ?? undefined })
      const wanted = ids === null ? null : new Set(ids)
      return purge.purge(wanted === null ? all : all.filter((id) => wanted.has(id)))
    },
    archive: (ids, by) =>
      archives.order(
        [...new Set(ids)]
          .flatMap((id) => store.find(id, { removed: true }) ?? [])
          .filter((one) => mayKnow(one, bin.has(one.id), by)),
        by.account,
      ),
    prompts: (account, limit) => promptHistory(store, account, limit),
    download: (id, owner) => archives.open(id, owner),
  }
  return {
    calls,
    start: () => purge.start(),
    async close(): Promise<void> {
      await purge.close()
      await images.settled()
    },
  }
}
