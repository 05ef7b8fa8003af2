import type { AccountId, Generation, RotationPlan } from '../../shared/contract'
import { imageFileName } from '../../shared/file-names'
import { Problem } from '../../shared/problems'
import type { Redact } from '../logs/cutting'
import type { BinRecords } from './bin'
import { generationOf, type ImageFile, type Images } from './images'
import type { Jobs } from './jobs'
import { readPngText } from './png-text'
import type { GenerationStore, PageQuery } from './store'

/** Of what is at work on a service so many are told, with so much of their prompts. */
const mostPending = 200
const longestPrompt = 120

/** What is known of generations and their pictures. Calls throw a Problem for an unknown id. */
export interface Reading {
  /** `reader`: whose favourites are meant. */
  get(id: string, reader?: AccountId): Generation
  /** Whose a generation or picture is, in the gallery or out of it; null for an unknown one. */
  accountOf(id: string): AccountId | null
  /** Whether a generation, or that of a picture, is in the bin. */
  isBinned(id: string): boolean
  list(query: PageQuery): { items: Generation[]; nextCursor: string | null }
  /** What runs on a service, then what waits for it, newest first. */
  pendingOn(serviceId: string): RotationPlan['generations']
  /** The file under the name by which it is saved, read as it is taken. */
  image(id: string): Promise<File>
  thumbnail(id: string): Promise<ImageFile>
  /** Text that the backend wrote into the picture, by keyword; empty for formats other than PNG. */
  metadata(id: string): Promise<Record<string, string>>
}

interface ReadingParts {
  store: Pick<GenerationStore, 'accountOf' | 'find' | 'page'>
  bin: Pick<BinRecords, 'has'>
  jobs: Pick<Jobs, 'find' | 'openOn'>
  images: Pick<Images, 'open' | 'thumbnail'>
  redact: Redact
}

/** Reads those at work as they are now, the others as they were kept. */
export function createReading({ store, bin, jobs, images, redact }: ReadingParts): Reading {
  const imageOf = (id: string) => {
    const owner = generationOf(id)
    // What is in the bin is shown there.
    const generation = owner === null ? null : store.find(owner, { removed: true })
    const index = generation?.images.findIndex((one) => one.id === id) ?? -1
    const image = generation?.images[index]
    if (!generation || !image) throw new Problem('image.not-found', { id })
    return { image, name: imageFileName(generation, index) }
  }
  // What was noted about one at work, its row knows.
  const asItIs = (kept: Generation): Generation => {
    const { tags, favourite } = kept
    const live = jobs.find(kept.id)
    return live ? { ...live, ...(tags && { tags }), ...(favourite && { favourite }) } : kept
  }
  const list = (query: PageQuery) => {
    const page = store.page(query)
    return { ...page, items: page.items.map(asItIs) }
  }
  return {
    get: (id, reader) => {
      const kept = store.find(id, { reader })
      if (!kept) throw new Problem('generation.not-found', { id })
      return asItIs(kept)
    },
    accountOf: (id) => store.accountOf(generationOf(id) ?? id),
    isBinned: (id) => bin.has(generationOf(id) ?? id),
    list,
    // Asked for with each change of a job: all that have not ended are in memory.
    pendingOn: (serviceId) => {
      const open = jobs.openOn(serviceId)
      return (['running', 'queued'] as const).flatMap((wanted) =>
        open
          .filter(({ state }) => state === wanted)
          .slice(0, mostPending)
          .map(({ id, params }) => ({ id, serviceId, state: wanted, prompt: params.prompt.slice(0, longestPrompt) })),
      )
    },
    async image(id) {
      const { image, name } = imageOf(id)
      return images.open(image, name)
    },
    thumbnail: async (id) => images.thumbnail(imageOf(id).image),
    async metadata(id) {
      const { image, name } = imageOf(id)
      if (image.mime !== 'image/png') return {}
      const file = await images.open(image, name)
      const texts = Object.entries(readPngText(await file.bytes()))
      // Of a picture that was kept before its text was looked at.
      return Object.fromEntries(texts.map(([keyword, text]) => [redact(keyword), redact(text)]))
    },
  }
}
