import { describe, expect, it } from 'vitest'
import { byBus, fastestFirst } from '../../../electron/identity/order'

const card = (
  uuid: string,
  computeCapability: string | null,
  memoryTotalMiB: number | null,
  powerLimitW: number | null,
) => ({
  ...{ uuid, index: Number(uuid.at(-1)), computeCapability, memoryTotalMiB, powerLimitW },
})

const ti = card('GPU-0', '8.6', 12_288, 350)
const rtx3090 = card('GPU-1', '8.6', 24_576, 350)

describe('CUDA’s own order', () => {
  it('has the card first that is faster beyond doubt, and of two the other one second', () => {
    expect(fastestFirst([ti, rtx3090])).toEqual(['GPU-1', 'GPU-0'])
    expect(fastestFirst([rtx3090])).toEqual(['GPU-1'])
  })

  it.each([
    ['two alike', [rtx3090, { ...rtx3090, uuid: 'GPU-2' }]],
    ['much memory on a slow card', [card('GPU-0', '8.6', 12_288, 170), card('GPU-1', '8.6', 10_240, 320)]],
    ['a newer one with less memory', [card('GPU-0', '8.9', 16_380, 165), rtx3090]],
    ['a capability that is not told', [card('GPU-0', null, 12_288, 350), rtx3090]],
    ['a power limit that is not told, as under WSL2', [card('GPU-0', '8.6', 12_288, null), rtx3090]],
  ])('is not told by %s', (_, cards) => {
    expect(fastestFirst(cards)).toEqual(cards.map(() => null))
  })

  it('promises of three no more than the first', () => {
    expect(fastestFirst([ti, rtx3090, card('GPU-2', '12.0', 32_607, 575)])).toEqual(['GPU-2', null, null])
  })

  it('names each card at most once, and never one that another is surely faster than: for any cards', () => {
    let seed = 11
    const next = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most
    for (let round = 0; round < 500; round += 1) {
      const cards = Array.from({ length: 1 + next(5) }, (_, at) =>
        card(
          `GPU-${at}`,
          next(5) === 0 ? null : `${6 + next(4)}.${next(10)}`,
          next(5) === 0 ? null : 8192 * (1 + next(3)),
          next(5) === 0 ? null : 100 * (1 + next(4)),
        ),
      )
      const order = fastestFirst(cards)
      expect(order).toHaveLength(cards.length)
      const named = order.filter((uuid) => uuid !== null)
      expect(new Set(named).size).toBe(named.length)
      const first = cards.find(({ uuid }) => uuid === order[0])
      if (first)
        for (const other of cards) expect(first.memoryTotalMiB ?? 0).toBeGreaterThanOrEqual(other.memoryTotalMiB ?? 0)
    }
  })

  it('by bus is nvidia-smi’s, whatever order they come in', () => {
    expect(byBus([rtx3090, ti]).map(({ uuid }) => uuid)).toEqual(['GPU-0', 'GPU-1'])
  })
})
