import type { Gpu } from '../../shared/contract'

/** What of a card tells how fast it is. */
export type Speed = Pick<Gpu, 'uuid' | 'index' | 'computeCapability' | 'memoryTotalMiB' | 'powerLimitW'>

const versionOf = (capability: string | null): number | null => {
  const [, major, minor] = /^(\d+)\.(\d+)$/.exec(capability ?? '') ?? []
  return major === undefined ? null : Number(major) * 100 + Number(minor)
}

/**
 * Whether one card is faster than another beyond doubt: newer or as new, with as much memory and as high a power limit, and
 * more of at least one of the first two. By memory alone a slow card with much of it would come before a fast one.
 */
function isFaster(one: Speed, other: Speed): boolean {
  const pairs = [
    [versionOf(one.computeCapability), versionOf(other.computeCapability)],
    [one.memoryTotalMiB, other.memoryTotalMiB],
    [one.powerLimitW, other.powerLimitW],
  ] as const
  const isKnown = pairs.every(([a, b]) => a !== null && b !== null)
  const isLess = pairs.some(([a, b]) => a !== null && b !== null && a < b)
  return isKnown && !isLess && pairs.slice(0, 2).some(([a, b]) => a !== null && b !== null && a > b)
}

/**
 * CUDA's order where none is set, `FASTEST_FIRST`: only the fastest card's place is promised, and which one that is CUDA
 * estimates. The uuids by place; null where it cannot be told from here.
 */
export function fastestFirst(cards: readonly Speed[]): (string | null)[] {
  const fastest = cards.find((one) => cards.every((other) => other === one || isFaster(one, other)))
  const others = cards.filter((card) => card !== fastest)
  if (!fastest) return cards.map(() => null)
  const [second] = others
  // Of two the other one is the second; of more nobody promises anything.
  return [fastest.uuid, ...(others.length === 1 ? [second?.uuid ?? null] : others.map(() => null))]
}

/** By bus, as nvidia-smi counts, and CUDA where `CUDA_DEVICE_ORDER` is `PCI_BUS_ID`. */
export const byBus = <Card extends Pick<Gpu, 'index'>>(cards: readonly Card[]): Card[] =>
  [...cards].sort((a, b) => a.index - b.index)

/** What shows CUDA's own order, to be run where PyTorch is. */
export const orderCommand =
  'CUDA_DEVICE_ORDER=FASTEST_FIRST python3 -c "import torch; ' +
  "[print(i, p.name, getattr(p, 'uuid', '')) for i in range(torch.cuda.device_count()) " +
  'for p in [torch.cuda.get_device_properties(i)]]"'
