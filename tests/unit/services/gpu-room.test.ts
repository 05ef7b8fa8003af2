import path from 'node:path'
import { expect, test } from 'vitest'
import { GpuRoom } from '../../../electron/services/gpu-room'
import type { Gpu, GpuReport, ServiceConfig } from '../../../shared/contract'
import { temporaryFolder } from '../../support/programs'

const gpu: Gpu = {
  ...{ index: 0, uuid: 'GPU-1', name: 'RTX', busId: null, driverVersion: null, computeCapability: null },
  ...{ utilizationPct: null, memoryUtilizationPct: null, memoryUsedMiB: 0, memoryTotalMiB: 24_000 },
  ...{ memoryFreeMiB: null, temperatureC: null, powerW: null, powerLimitW: null, fanPct: null, clockSmMHz: null },
  ...{ clockMemMHz: null, pstate: null, computeMode: null, migMode: null, processes: [] },
}
const config = (id: string): ServiceConfig => ({ id, kind: 'comfyui', runtime: 'process', url: 'http://127.0.0.1:1' })

test('what a service takes is not measured by the card any more once one that waited for its turn is on it too', async () => {
  await using place = await temporaryFolder('room')
  const running: ServiceConfig[] = []
  /** No process is to be seen, as on Windows. */
  const report = (memoryUsedMiB: number): GpuReport => ({
    state: 'live',
    sampledAt: 1,
    gpus: [{ ...gpu, memoryUsedMiB }],
  })
  const room = new GpuRoom({
    gpus: { report: () => Promise.resolve(report(0)) },
    file: path.join(place.path, 'vram.json'),
    running: () => running,
    reportBug: (error) => {
      throw error
    },
  })
  const options = { signal: new AbortController().signal, onWait: () => undefined }
  // Both are asked for at once: the second asks before the first has begun.
  const [first, second] = [room.enter(config('a'), options), room.enter(config('b'), options)]
  const turn = await first
  running.push(config('a'))
  room.observe(report(16_000))
  expect(await room.tookMost('a')).toBe(16_000)
  turn.end()
  const next = await second
  running.push(config('b'))
  room.observe(report(32_000))
  expect(await room.tookMost('a')).toBe(16_000)
  next.end()
  await room.close()
})
