import { describe, expect, it } from 'vitest'
import type { GpuHolder } from '../../../shared/contract'
import { fitOf, type FitFacts } from '../../../electron/services/fit'
import { cardOf } from '../../support/cards'

const holder = (id: string, mib: number, change: Partial<GpuHolder> = {}): GpuHolder => ({
  ...{ kind: 'service', id, mib, contextMiB: null, from: 'process', pids: [], names: [] },
  ...change,
})

const facts = (freeMiB: number | null, holders: GpuHolder[], change: Partial<FitFacts> = {}): FitFacts => ({
  ...{ id: 'comfyui', expectedMiB: 12_000, from: 'seen' },
  gpu: cardOf({ memoryTotalMiB: 24_576, memoryFreeMiB: freeMiB, holders }),
  ...change,
})

describe('whether a model fits', () => {
  it.each([
    ['room enough', facts(13_000, []), 'fits', 0, 'memory.fits'],
    ['what it holds already', facts(500, [holder('comfyui', 11_800)]), 'fits', 0, 'memory.fits'],
    [
      'what another would give back',
      facts(4_000, [holder('forge', 9_000)]),
      'after-freeing',
      8_000,
      'memory.fits-after',
    ],
    [
      'a context that unloading does not give back',
      facts(4_000, [holder('forge', 9_000, { contextMiB: 1_500 })]),
      'too-large',
      8_000,
      'memory.too-large',
    ],
    [
      'other programs',
      facts(4_000, [holder('game', 9_000, { kind: 'program' })]),
      'too-large',
      8_000,
      'memory.too-large',
    ],
    [
      'a need that was never seen',
      facts(4_000, [], { expectedMiB: null, from: 'unknown' }),
      'unknown',
      null,
      'memory.fit-unknown',
    ],
    ['a card that tells nothing', facts(null, []), 'unknown', null, 'memory.fit-unknown'],
    ['no card', facts(1, [], { gpu: null }), 'unknown', null, 'memory.fit-unknown'],
  ] as const)('by %s', (_, known, state, shortMiB, problem) => {
    expect(fitOf(known)).toMatchObject({ state, shortMiB, words: { problem } })
  })

  it('says who would have to be unloaded, and how much that gives', () => {
    const { freeable, words } = fitOf(
      facts(4_000, [holder('forge', 9_000, { contextMiB: 400 }), holder('comfyui', 100)]),
    )
    expect(freeable).toEqual([{ serviceId: 'forge', mib: 8_600 }])
    expect(words.params).toEqual({
      id: 'comfyui',
      needs: 11.7,
      free: 3.9,
      gpu: 'NVIDIA GeForce RTX 3090',
      services: 'forge',
    })
  })
})
