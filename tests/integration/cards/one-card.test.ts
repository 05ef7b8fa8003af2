import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { GpuMonitor } from '../../../electron/gpu'
import { Problem } from '../../../shared/problems'
import { makeCard, playOneCard } from '../../support/one-card'
import { replayProgram } from '../../support/nvidia-smi'
import { freePort } from '../../support/ports'
import { regiePrograms, temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { backendAt, generate } from '../kinds/simulators'
import { long } from '../../support/long'

/** Long enough that what the line itself needs is seen beside it, and no longer. */
const pace = { loadMs: 150, stepMs: 40 }

describe('a card that holds one service', () => {
  it('serves alternating jobs without one out of memory, and little but loading is added', long, async () => {
    const played = await playOneCard({ jobs: 10, withTurns: true, order: 'alternating', ...pace })
    // Each job made the card change hands, and what that freed was measured.
    expect(played).toMatchObject({ done: 10, outOfMemory: 0, failed: [], turns: 10, freedMiB: 9 * 15_700 })
    // `npm run torture -- gateway` holds it to 10 %: here other tests have the same cores.
    expect(played.tookMs).toBeLessThanOrEqual(played.busyMs * 1.3)
  })

  it('serves two people at once, each on a service of his own', async () => {
    const played = await playOneCard({ jobs: 6, withTurns: true, order: 'rivals', ...pace })
    expect(played).toMatchObject({ done: 6, outOfMemory: 0, failed: [] })
    expect(played.turns).toBeGreaterThanOrEqual(2)
  })

  const withoutTurns = async (order: 'alternating' | 'rivals') => {
    const played = await playOneCard({ jobs: 4, withTurns: false, order, ...pace })
    expect(played.outOfMemory).toBeGreaterThan(0)
    expect(played.failed).toEqual([])
  }
  const runsOut = 'runs out of memory without turns: %s'
  it.each(['alternating'] as const)(runsOut, withoutTurns)
  it.each(['rivals'] as const)(runsOut, long, withoutTurns)
})

const uuid = 'GPU-11111111-2222-3333-4444-555555555555'

describe.skipIf(process.platform === 'win32')('programs that share a made-up card', () => {
  it('refuse in the real programs’ words, and nvidia-smi shows what each holds', async () => {
    const { programs } = await regiePrograms({ simulator: 'electron/simulator/main.ts' })
    await using place = await temporaryFolder('card')
    const { folder, usedMiB } = await makeCard(path.join(place.path, 'card'))
    const scenario = path.join(place.path, 'scenario.json')
    await writeFile(scenario, JSON.stringify({ gpus: [{ index: '0', uuid, name: 'Made up' }], card: folder }))

    const start = async (id: string) => {
      const [own, port] = [path.join(place.path, id), await freePort()]
      await mkdir(own)
      const behaviour = { loadMs: 10, stepMs: 5, preview: 'none', card: { folder, takesMiB: 16_000 } }
      await writeFile(path.join(own, 'behaviour.json'), JSON.stringify(behaviour))
      const args = ['forge', '--protect', 'none', '--folder', own, '--port', String(port)]
      const child = spawn(
        process.execPath,
        [programs.simulator, ...args, '--behaviour', path.join(own, 'behaviour.json'), '--die-with-parent'],
        { stdio: ['pipe', 'ignore', 'ignore'] },
      )
      const backend = backendAt('forge', `http://127.0.0.1:${port}`, null)
      await until(`${id} answers`, async () => (await backend.queueState(AbortSignal.timeout(5_000))).running === 0)
      return { child, backend, pid: child.pid ?? 0 }
    }
    const [one, other] = [await start('one'), await start('other')]
    process.env['REGIE_REPLAY_SCENARIO'] = scenario
    const monitor = new GpuMonitor({
      named: () => ({ setting: replayProgram, environment: null }),
      pidToService: (pid) => (pid === one.pid ? 'one' : pid === other.pid ? 'other' : null),
    })
    try {
      const small = { prompt: 'x', steps: 1, width: 64, height: 64 }
      await generate(one.backend, small)
      await expect(generate(other.backend, small)).rejects.toSatisfy(
        (error) => error instanceof Problem && error.id === 'backend.out-of-memory',
      )
      const seen = await monitor.measure()
      expect(seen.gpus[0]).toMatchObject({ uuid, memoryTotalMiB: 24_000, memoryUsedMiB: 16_000, memoryFreeMiB: 8_000 })
      expect(seen.gpus[0]?.processes).toMatchObject([{ serviceId: 'one', memoryMiB: 16_000 }])
      await one.backend.freeMemory(AbortSignal.timeout(5_000))
      await until('unloaded', () => usedMiB() === 300)
      await generate(other.backend, small)
      // A program that ends gives all back.
      other.child.kill('SIGKILL')
      await until('gone', async () => (await monitor.measure()).gpus[0]?.memoryUsedMiB === 300)
    } finally {
      delete process.env['REGIE_REPLAY_SCENARIO']
      one.child.kill()
      other.child.kill()
      await monitor.close()
    }
  })
})
