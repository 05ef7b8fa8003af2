import { expect, test } from 'vitest'
import { createReading } from '../../../electron/generation/reading'
import type { Generation } from '../../../shared/contract'

const never = () => {
  throw new Error('nobody asks for it')
}

const open = (id: string, state: Generation['state'], prompt = 'a fox'): Generation => ({
  ...{ id, by: 'admin', serviceId: 'qwen', kind: 'comfyui', simulated: false, state },
  params: { prompt, seed: 1, steps: 1, cfg: 1, width: 64, height: 64, batch: 1 },
  progress: { phase: 'queued', fraction: null, step: null, steps: null, queuePosition: null },
  timings: { queueMs: null, loadMs: null, sampleMs: null, decodeMs: null, totalMs: null },
  ...{ images: [], cached: false, warnings: [], createdAt: 1, startedAt: null, finishedAt: null },
})

test('what runs on a service is told before what waits, with the begin of its prompt, and no record is read for it', () => {
  const ofQwen = [open('third', 'queued'), open('second', 'running', 'x'.repeat(500)), open('first', 'queued')]
  const reading = createReading({
    store: { accountOf: never, find: never, page: never },
    bin: { has: never },
    jobs: { find: never, openOn: (id) => (id === 'qwen' ? ofQwen : []) },
    images: { open: never, thumbnail: never },
    redact: (text) => text,
  })
  expect(reading.pendingOn('qwen')).toEqual([
    { id: 'second', serviceId: 'qwen', state: 'running', prompt: 'x'.repeat(120) },
    { id: 'third', serviceId: 'qwen', state: 'queued', prompt: 'a fox' },
    { id: 'first', serviceId: 'qwen', state: 'queued', prompt: 'a fox' },
  ])
  expect(reading.pendingOn('other')).toEqual([])
})
