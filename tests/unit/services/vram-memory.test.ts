import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { VramMemory } from '../../../electron/services/vram-memory'
import type { Gpu, GpuReport } from '../../../shared/contract'

const gpu: Gpu = {
  index: 0,
  uuid: 'GPU-1',
  name: 'RTX',
  busId: null,
  driverVersion: null,
  computeCapability: null,
  utilizationPct: null,
  memoryUtilizationPct: null,
  memoryUsedMiB: 0,
  memoryTotalMiB: 24_576,
  memoryFreeMiB: null,
  temperatureC: null,
  powerW: null,
  powerLimitW: null,
  fanPct: null,
  clockSmMHz: null,
  clockMemMHz: null,
  pstate: null,
  computeMode: null,
  migMode: null,
  processes: [],
}

/** A report in which the GPU holds so much, and the service's process (`null`: none is to be seen) so much of it. */
const report = (usedMiB: number, ownMiB: number | null = null): GpuReport => ({
  state: 'live',
  sampledAt: 1,
  gpus: [
    {
      ...gpu,
      memoryUsedMiB: usedMiB,
      processes: ownMiB === null ? [] : [{ pid: 1, name: 'python', memoryMiB: ownMiB, serviceId: 'a' }],
    },
  ],
})

async function remembering() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-vram-'))
  // No simulator and no process has made the folder of the services yet.
  const file = path.join(folder, 'services', 'vram.json')
  const bugs: unknown[] = []
  const open = () => new VramMemory({ file, reportBug: (error) => bugs.push(error) })
  return { file, open, bugs, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

describe('how much VRAM a service took the last time', () => {
  test('is the most that its processes held, over a restart of the panel', async () => {
    await using kept = await remembering()
    const { open, bugs } = kept
    const first = open()
    expect(await first.tookLastTime('a')).toBeNull()
    first.began('a', null)
    for (const held of [500, 8_000, 6_000]) first.observe(report(9_000, held), ['a'])
    await first.close()

    const second = open()

    expect(await second.tookLastTime('a')).toBe(8_000)
    second.began('a', null)
    expect(await second.tookLastTime('a')).toBe(8_000) // nothing was seen of this life yet
    second.observe(report(3_000, 2_000), ['a'])
    expect(await second.tookLastTime('a')).toBe(2_000)
    await second.close()
    expect(bugs).toEqual([])
  })

  test('is the difference where processes are not to be seen, as long as nothing else came or went', async () => {
    await using kept = await remembering()
    const { open } = kept
    const memory = open()
    memory.began('a', { gpu: 'GPU-1', usedMiB: 1_000 })
    memory.observe(report(7_000), ['a'])
    expect(await memory.tookLastTime('a')).toBe(6_000)

    memory.disturbed('b')
    memory.observe(report(20_000), ['a'])

    expect(await memory.tookLastTime('a')).toBe(6_000)
    await memory.close()
  })

  test('is no difference any more once its process was seen: a reading that misses the process says nothing', async () => {
    await using kept = await remembering()
    const memory = kept.open()
    memory.began('a', { gpu: 'GPU-1', usedMiB: 0 })
    memory.observe(report(16_300, 16_000), ['a'])
    memory.observe(report(16_300), ['a'])

    expect([await memory.tookLastTime('a'), await memory.tookMost('a')]).toEqual([16_000, 16_000])
    await memory.close()
  })

  test('stays unknown when it was not alone, did not run, or the report is old', async () => {
    await using kept = await remembering()
    const { open } = kept
    const memory = open()
    memory.began('a', null)
    memory.observe(report(7_000), ['a'])
    memory.observe(report(7_000, 5_000), [])
    memory.observe({ ...report(7_000, 5_000), state: 'stale' }, ['a'])

    expect(await memory.tookLastTime('a')).toBeNull()
    await memory.close()
  })

  test('a file that cannot be read costs the numbers and nothing else', async () => {
    await using kept = await remembering()
    const { open, file } = kept
    await mkdir(path.dirname(file))
    await writeFile(file, 'not JSON')
    const memory = open()
    expect(await memory.tookLastTime('a')).toBeNull()
    memory.began('a', null)
    memory.observe(report(7_000, 5_000), ['a'])
    await memory.close()

    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      a: { last: null, current: 5_000, most: { mib: 5_000, at: expect.any(Number) as number } },
    })
  })

  test('what a program takes for itself is no need; the most with models loaded is, whatever came after', async () => {
    await using kept = await remembering()
    const memory = kept.open()
    memory.began('a', null)
    memory.observe(report(7_000, 500), ['a'])
    expect(await memory.tookMost('a')).toBeNull()
    memory.observe(report(18_000, 16_000), ['a'])
    memory.began('a', null)
    memory.observe(report(7_000, 500), ['a'])
    expect(await memory.tookMost('a')).toBe(16_000)
    expect(await memory.tookLastTime('a')).toBe(500)
    await memory.close()
    // Another panel knows it too.
    const again = kept.open()
    expect(await again.tookMost('a')).toBe(16_000)
    await again.close()
  })
})
