import { describe, expect, it } from 'vitest'
import { gpuCountOf, type KnownGpus } from '../../../electron/services/gpu-count'

const program = (cuda?: string): KnownGpus['config'] => ({
  runtime: 'process',
  process: { command: 'python', args: [], env: cuda === undefined ? {} : { CUDA_VISIBLE_DEVICES: cuda } },
})
const inContainer = (gpu: NonNullable<KnownGpus['container']>['gpu'], cudaVisible: string | null = null) => ({
  config: { runtime: 'compose' } as const,
  container: { gpu, cudaVisible },
})
const asked = (ids: string[], count: number | 'all' | null = null) => ({ ids, count })

describe('how many cards a service works on', () => {
  it.each<[string, Omit<KnownGpus, 'onMachine'>, number | null]>([
    ['the one that it is meant for', { config: { runtime: 'external', gpuUuid: 'GPU-1' }, container: null }, 1],
    ['a made-up one', { config: { runtime: 'simulator' }, container: null }, 1],
    ['two that are named', inContainer(asked(['0', '3'])), 2],
    ['a number of them', inContainer(asked([], 3)), 3],
    ['those of them that CUDA is left', inContainer(asked([], 3), '0,2'), 2],
    ['none that CUDA is left', inContainer(asked([], 3), '-1'), 0],
    ['those that its variable names', { config: program('GPU-1,GPU-2'), container: null }, 2],
    ['all of several, which anybody may take', inContainer(asked([], 'all')), null],
    ['all of several, of which CUDA is left one', inContainer(asked([], 'all'), '1'), 1],
    ['no request, so maybe another maker’s', inContainer(null), null],
    ['a container that nobody has looked at', { config: { runtime: 'compose' }, container: null }, null],
    ['a program on a machine of several', { config: program(), container: null }, null],
    ['one that runs elsewhere', { config: { runtime: 'external' }, container: null }, null],
  ])('%s', (_, known, count) => {
    expect(gpuCountOf({ ...known, onMachine: 4 })).toBe(count)
  })

  it('is one where the machine has one, and unknown while that is not known', () => {
    for (const known of [inContainer(asked([], 'all')), { config: program(), container: null }]) {
      expect(gpuCountOf({ ...known, onMachine: 1 })).toBe(1)
      expect(gpuCountOf({ ...known, onMachine: null })).toBeNull()
    }
  })
})
