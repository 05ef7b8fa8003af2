import { expect, test } from 'vitest'
import { provedOf } from '../../../electron/golden/proved'
import type { GoldenCheck, GoldenRan } from '../../../shared/contract'

const then: GoldenRan = {
  ...{
    container: 'c1',
    image: 'regie/comfyui:1',
    startedAt: 1000,
    pid: null,
    version: '0.38.1',
    model: 'a.safetensors',
  },
}
const unseen: GoldenRan = { container: null, image: null, startedAt: null, pid: null, version: null, model: null }
const checkOf = (more: Partial<GoldenCheck>): GoldenCheck => ({
  ...{ id: 'one', serviceId: 's', trigger: 'asked', by: null, state: 'passed', startedAt: 0, finishedAt: 1 },
  ...{ made: { prompt: 'x', seed: 42, width: 64, height: 64, steps: 8, family: null }, progress: null },
  ...{ conditions: { model: null, version: null, gpu: null }, coldMs: null, warmMs: 5, stepMs: null, vramMiB: null },
  ...{ vramTotalMiB: null, slowerPct: null, findings: [], hasPicture: true, ran: then },
  ...more,
})

test('a check proves what still runs', () => {
  expect(provedOf(checkOf({}), then)).toEqual({
    ...{ state: 'proven', asked: 'seed 42, 64 × 64', answered: '64 × 64', at: 1, tookMs: 5, checkId: 'one' },
  })
  expect(provedOf(checkOf({ state: 'failed' }), then)).toMatchObject({ state: 'failed' })
  expect(provedOf(null, then)).toBe(null)
})

test.each([
  ['updated', { version: '0.40.0', image: 'regie/comfyui:2', container: 'c2', startedAt: 2000 }],
  ['image', { image: 'regie/comfyui:2', container: 'c2', startedAt: 2000 }],
  ['recreated', { container: 'c2', startedAt: 2000 }],
  ['restarted', { startedAt: 2000 }],
  ['model', { model: 'b.safetensors' }],
] as const)('it proves nothing of a service that was %s since, and says so', (before, change) => {
  for (const state of ['passed', 'failed'] as const)
    expect(provedOf(checkOf({ state }), { ...then, ...change })).toMatchObject({ state: 'waiting', before, at: 1 })
})

test('another process of a program without a container is another life', () => {
  const ran = { ...unseen, pid: 100 }
  expect(provedOf(checkOf({ ran }), { ...unseen, pid: 101 })).toMatchObject({ state: 'waiting', before: 'restarted' })
  expect(provedOf(checkOf({ ran }), { ...unseen, pid: 100 })).toMatchObject({ state: 'proven' })
})

test('what cannot be seen now, or could not be then, is held against nothing', () => {
  expect(provedOf(checkOf({}), unseen)).toMatchObject({ state: 'proven' })
  expect(provedOf(checkOf({ ran: unseen }), then)).toMatchObject({ state: 'proven' })
  const { ran, ...former } = checkOf({})
  expect([ran, provedOf(former, then)]).toEqual([then, expect.objectContaining({ state: 'proven' })])
})
