import { mkdir } from 'node:fs/promises'
import type { ImageBackend } from '../../../electron/kinds'
import {
  createGenerations,
  openGallery as openRecords,
  type GenerationOptions,
  type Generations,
} from '../../../electron/generation'
import { dataPaths } from '../../../electron/storage/paths'
import type { Generation, GenerationEvent, PanelEvent } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'

/** A gallery in a folder, on the given backends. `bugs` holds what it reported as its own fault. */
export async function openGallery(
  folder: string,
  backends: Record<string, ImageBackend>,
  more: Partial<GenerationOptions> = {},
) {
  const published: PanelEvent[] = []
  const bugs: unknown[] = []
  await mkdir(folder, { recursive: true })
  const records = await openRecords(dataPaths(folder).database)
  const generations = await createGenerations({
    gallery: records,
    paths: dataPaths(folder),
    services: (id) => {
      const backend = backends[id]
      if (!backend) throw new Problem('service.not-found', { id })
      return { kind: id.startsWith('forge') ? 'forge' : 'comfyui', simulated: true, backend }
    },
    publish: (event) => published.push(event),
    reportBug: (error) => bugs.push(error),
    patience: { reachMs: 500, everyMs: 30 },
    ...more,
  })
  const close = async () => {
    await generations.close()
    records.close()
  }
  return {
    generations,
    store: records.store,
    published,
    bugs,
    notice: records.notice,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Reads a generation's stream to its end. */
export async function watchToEnd(generations: Generations, id: string): Promise<GenerationEvent[]> {
  const events: GenerationEvent[] = []
  for await (const event of generations.watch(id)) events.push(event)
  return events
}

/** The record after it has ended. */
export async function ended(generations: Generations, id: string): Promise<Generation> {
  await watchToEnd(generations, id)
  return generations.get(id)
}
