import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openGpuHistory } from '../../../electron/gpu-history'
import { fileErrorCode } from '../../../electron/storage/files'
import { reason } from '../../../shared/problems'
import { canMountSmallDisk, mountSmallDisk } from '../../support/full-disk'
import { cardOf, firstCard, sampleAt } from '../../support/gpu-readings'
import { handClock } from '../../support/hand-clock'

const minute = 60_000
const begin = Date.UTC(2026, 10, 1, 12)

describe.runIf(canMountSmallDisk())('the history of cards on a full disk', () => {
  it('goes on, says each time that it could not be written, and loses nothing once there is room', async () => {
    using disk = mountSmallDisk(2048)
    if (!disk) throw new Error('the disk could be mounted a moment ago')
    const clock = handClock(begin)
    const failures: unknown[] = []
    const file = path.join(disk.path, 'gpus.db')
    const open = () =>
      openGpuHistory({
        ...{ file, clock, failed: (error) => void failures.push(error) },
        uptimeMs: () => clock.now() - begin + 24 * 60 * minute,
      })
    const kept = await open()
    const run = (forMs: number, load: number) => {
      for (const until = clock.now() + forMs; clock.now() < until;) {
        clock.moveTo(clock.now() + 10_000)
        kept.take(sampleAt(clock.now(), cardOf({ utilizationPct: load })), 10_000)
      }
    }
    run(5 * minute, 10)
    expect(failures).toEqual([])

    disk.fill()
    run(30 * minute, 50)
    // A driver that falls silent, and a job, are noted as well while nothing can be written.
    kept.take({ state: 'absent', sampledAt: null, gpus: [], reason: reason('gpu.no-devices') }, 10_000)
    kept.working('qwen', ['one'])
    clock.moveTo(clock.now() + minute)
    kept.working('qwen', [])
    expect(failures.length).toBeGreaterThan(20)
    expect([...new Set(failures.map(fileErrorCode))]).toEqual(['SQLITE_FULL'])
    const meanOf = (of: typeof kept, from: number) =>
      of.read(firstCard, { from, to: from + 10 * minute, points: 10 })?.load.mean.filter((mean) => mean !== null)
    expect(meanOf(kept, begin + 15 * minute)).toEqual(Array.from({ length: 10 }, () => 50))

    disk.free()
    const before = failures.length
    run(5 * minute, 90)
    expect(failures).toHaveLength(before)
    kept.close()
    const again = await open()
    try {
      expect(meanOf(again, begin + 15 * minute)).toEqual(Array.from({ length: 10 }, () => 50))
      expect(again.workOf('qwen', begin, clock.now())).toHaveLength(1)
      const gaps = again.read(firstCard, { from: begin, to: clock.now(), points: 400 })?.gaps
      expect(gaps).toMatchObject([{ why: 'no-driver' }])
    } finally {
      again.close()
    }
  })
})
