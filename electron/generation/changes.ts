import {
  mostTags,
  type AccountId,
  type GalleryChange,
  type GalleryChanged,
  type Generation,
  type PanelEvent,
} from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Notes } from './notes'
import { tagKey } from './query'
import { isFinished } from './record'
import type { GenerationStore } from './store'

/** Who changes something: the marks are the account's; the rest is what it may change: its own, or everything. */
export interface Changer {
  account: AccountId
  /** Whose generations alone it may tag and delete; null: everybody's. */
  only: AccountId | null
  /** Whose generations alone it may know of; null: everybody's. */
  sees: AccountId | null
}

/** Whether somebody may know of one: of another's in the bin an administrator alone, also where the gallery is shared. */
export const mayKnow = ({ by }: Pick<Generation, 'by'>, isBinned: boolean, { only, sees }: Changer): boolean =>
  isBinned ? only === null || by === only : sees === null || by === sees

interface ChangeParts {
  store: Pick<GenerationStore, 'find' | 'setRemoved' | 'together'>
  notes: Notes
  /** One that has not ended is as the job has it. */
  current: (id: string) => Generation | null
  /** Whether one is being deleted for good. */
  isGoing: (id: string) => boolean
  isBinned: (id: string) => boolean
  now: () => number
  publish: (event: Extract<PanelEvent, { type: 'generation' | 'generation-removed' | 'gallery' }>) => void
  /** Told when something came into the bin. */
  binned: () => void
}

/** Throws a Problem where it would have too many tags. */
function refuseTooMany({ tags = [] }: Generation, { addTags = [], removeTags = [] }: GalleryChange): void {
  if (addTags.length === 0) return
  const keys = new Set(tags.map(tagKey))
  for (const tag of removeTags) keys.delete(tagKey(tag))
  for (const tag of addTags) keys.add(tagKey(tag))
  if (keys.size > mostTags) throw new Problem('generation.too-many-tags', { limit: mostTags })
}

/** What a change does to the tags of one, turned round; null where it changes none. */
function undoOf({ tags = [] }: Generation, { addTags = [], removeTags = [] }: GalleryChange) {
  const had = new Map(tags.map((tag) => [tagKey(tag), tag]))
  const removed = removeTags.flatMap((tag) => had.get(tagKey(tag)) ?? [])
  // What is taken away and given in one change is there in the end.
  const given = new Map(addTags.map((tag) => [tagKey(tag), tag]))
  const added = [...given].filter(([key]) => !had.has(key)).map(([, tag]) => tag)
  const gone = removed.filter((tag) => !given.has(tagKey(tag)))
  return added.length + gone.length === 0 ? null : { addTags: gone, removeTags: added }
}

/** Undoes that are alike are one call. */
function collectUndos() {
  const all = new Map<string, NonNullable<GalleryChanged['undo']>[number]>()
  return {
    add(id: string, undo: ReturnType<typeof undoOf>) {
      if (!undo) return
      const key = JSON.stringify(undo)
      const alike = all.get(key)
      if (alike) alike.ids.push(id)
      else all.set(key, { ids: [id], ...undo })
    },
    all: () => [...all.values()],
  }
}

/** The same change, its tags spelt as they are already where the person sees them. */
const spelt = (notes: Notes, { addTags, ...change }: GalleryChange, { sees }: Changer): GalleryChange =>
  addTags ? { ...change, addTags: addTags.map((tag) => notes.spelling(tag, sees)) } : change

/** So many changes are told one by one; of more, pages ask again. */
const toldSingly = 20

/** Tells pages what was changed. */
function createTeller(parts: ChangeParts) {
  return (ids: readonly string[], { addTags, removeTags, bin }: GalleryChange) => {
    // Marks are told to nobody: whoever set them knows.
    if (ids.length === 0 || (addTags ?? removeTags ?? bin) === undefined) return
    if (bin === true) parts.binned()
    if (ids.length > toldSingly) {
      parts.publish({ type: 'gallery' })
      return
    }
    for (const id of ids) {
      const generation = parts.current(id) ?? parts.store.find(id)
      const by = parts.store.find(id, { removed: true })?.by ?? ''
      parts.publish(generation ? { type: 'generation', generation } : { type: 'generation-removed', id, by })
    }
  }
}

/** Marks, tags, and the way to the bin and back, for one generation or thousands, in one transaction. */
export function createChanges(parts: ChangeParts) {
  const { store } = parts

  /** What takes the change of its tags back. Throws a Problem where it may not be changed so. */
  const changeOne = (id: string, change: GalleryChange, by: Changer): ReturnType<typeof undoOf> => {
    const generation = parts.isGoing(id) ? null : store.find(id, { removed: true })
    if (!generation || !mayKnow(generation, parts.isBinned(id), by)) throw new Problem('generation.not-found', { id })
    const { favourite, addTags = [], removeTags = [], bin } = change
    const touches = addTags.length > 0 || removeTags.length > 0 || bin !== undefined
    if (touches && by.only !== null && generation.by !== by.only) throw new Problem('generation.not-yours', { id })
    refuseTooMany(generation, change)
    if (bin === true && !isFinished(parts.current(id) ?? generation))
      throw new Problem('generation.still-running', { id })
    if (favourite !== undefined) parts.notes.setFavourite(id, by.account, favourite)
    for (const tag of removeTags) parts.notes.removeTag(id, tag)
    for (const tag of addTags) parts.notes.addTag(id, tag)
    if (bin !== undefined) store.setRemoved(id, bin ? parts.now() : null)
    return undoOf(generation, change)
  }

  const tell = createTeller(parts)

  return {
    /** Changes each that it can. Those that it cannot are named with the reason. */
    many(ids: readonly string[], asked: GalleryChange, by: Changer): GalleryChanged {
      const change = spelt(parts.notes, asked, by)
      const result: GalleryChanged = { changed: [], refused: [] }
      const undos = collectUndos()
      store.together(() => {
        for (const id of new Set(ids)) {
          try {
            undos.add(id, changeOne(id, change, by))
            result.changed.push(id)
          } catch (error) {
            if (!(error instanceof Problem)) throw error
            result.refused.push({ id, reason: error.reason })
          }
        }
      })
      tell(result.changed, change)
      const undo = undos.all()
      return undo.length > 0 ? { ...result, undo } : result
    },
    /** The same for one. Throws the Problem that stands in the way. */
    one(id: string, change: GalleryChange, by: Changer): void {
      store.together(() => void changeOne(id, spelt(parts.notes, change, by), by))
      tell([id], change)
    },
  }
}
