import type { BackendDevice } from '../backend'
import type { SystemStats } from './schemas'

const mib = (bytes: number) => bytes / 2 ** 20

/** `cuda:0 NVIDIA GeForce RTX 3090 : cudaMallocAsync` without what PyTorch and its allocator put around it. */
function nameOf(text: string): string | null {
  const name = /^(?:[a-z]+(?::\d+)?\s+)?(.*?)(?:\s+:\s*\w*)?$/.exec(text.trim())?.[1]?.trim() ?? ''
  return name === '' ? null : name
}

/** The cards that a ComfyUI tells of; a processor is none. */
export const devicesOf = ({ devices = [] }: SystemStats): BackendDevice[] =>
  devices
    .filter(({ type }) => type === 'cuda')
    .map(({ name, index, vram_total, vram_free, torch_vram_total, torch_vram_free }) => ({
      name: nameOf(name),
      index: index ?? null,
      totalMiB: mib(vram_total),
      // ComfyUI counts what PyTorch keeps for the next job as free; on the card it is taken.
      freeMiB: mib(vram_free - (torch_vram_free ?? 0)),
      reservedMiB: typeof torch_vram_total === 'number' ? mib(torch_vram_total) : null,
      activeMiB:
        typeof torch_vram_total === 'number' && typeof torch_vram_free === 'number'
          ? mib(torch_vram_total - torch_vram_free)
          : null,
    }))
