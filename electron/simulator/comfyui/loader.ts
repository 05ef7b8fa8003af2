import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Behaviour } from '../behaviour'
import type { Card } from '../card'
import { pause } from '../slices'
import { NodeException } from './values'

export interface LoaderOptions {
  folder: string
  behaviour: () => Behaviour
  closing: AbortSignal
  log: (line: string) => void
  card: Card
}

/** A file that was put there and is too small for a model fails as the real reader of safetensors does. */
async function checkReadable(folder: string, file: string) {
  for (const kind of ['checkpoints', 'diffusion_models']) {
    const there = await stat(path.join(folder, 'models', kind, file)).catch(() => null)
    // Nobody puts real weights of gigabytes beside a simulator: what is smaller is no model.
    if (there && there.size < 2 ** 28) {
      const why = there.size < 8 ? 'header too small' : 'header too large'
      throw new NodeException(
        'safetensors._safetensors_rust.SafetensorError',
        `Error while deserializing header: ${why}`,
      )
    }
  }
}

/** The models in memory. */
export function createLoader({ folder, behaviour, closing, log, card }: LoaderOptions) {
  const loaded = new Set<string>()
  let onCard = false

  async function load(file: string) {
    if (loaded.has(file)) return
    await checkReadable(folder, file)
    log(`Requested to load ${file}`)
    await toCard()
    loaded.add(file)
    log('loaded completely 9.5367431640625e+25 7910.4 True')
  }

  /** Brings what is loaded to the card, where it is not there: also what a node remembers from before it was unloaded. */
  async function toCard(isThere = false) {
    if (isThere && onCard) return
    if (!card.take()) throw new NodeException('torch.OutOfMemoryError', 'Allocation on device ')
    await pause(behaviour().loadMs, closing)
    onCard = true
  }

  function unload() {
    loaded.clear()
    onCard = false
    card.give()
  }

  return { load, toCard: () => toCard(true), unload, isEmpty: () => loaded.size === 0 }
}
