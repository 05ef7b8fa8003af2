import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GpuMonitor, type GpuMonitorOptions } from '../../../electron/gpu'
import type { GpuReport } from '../../../shared/contract'
import { long } from '../../support/long'
import { nvidiaSmiOnPath, replayProgram, scenarioOfCase, type GpuScenario } from '../../support/nvidia-smi'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const quick = { absentMs: 200, lingerMs: 100, processesMs: 150, backoffMs: { first: 50, longest: 200 }, singleMs: 50 }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let monitor: GpuMonitor | undefined
const before = { ...process.env }

beforeEach(async () => {
  folder = await temporaryFolder('regie-gpu')
  process.env['REGIE_REPLAY_STARTS'] = path.join(folder.path, 'starts')
})

afterEach(async () => {
  await monitor?.close()
  process.env = { ...before }
  await folder[Symbol.asyncDispose]()
})

/** A monitor over the replay program, found through PATH as the real one would be. */
function watching(scenario: GpuScenario | (string & {}), options: GpuMonitorOptions = {}) {
  Object.assign(process.env, nvidiaSmiOnPath(scenario))
  monitor = new GpuMonitor({ ...options, timing: { ...quick, ...options.timing } })
  return monitor
}

/** Reads everything, as a page does that stays open. */
async function readAll(of: GpuMonitor, signal?: AbortSignal, onReport: (report: GpuReport) => unknown = () => null) {
  for await (const report of of.watch(signal)) await onReport(report)
}

const starts = async () =>
  (await readFile(path.join(folder.path, 'starts'), 'utf8').catch(() => '')).split('\n').filter(Boolean)
const streams = async () => (await starts()).filter((line) => line.includes('--loop-ms'))

const isAlive = (line: string) => {
  try {
    process.kill(Number.parseInt(line, 10), 0)
    return true
  } catch {
    return false
  }
}

/** Reads reports until one fits. */
async function read(of: GpuMonitor, fits: (report: GpuReport) => boolean): Promise<GpuReport> {
  const stop = AbortSignal.timeout(12_000)
  for await (const report of of.watch(stop)) if (fits(report)) return report
  throw new Error(`no such report; the last one: ${JSON.stringify(of.last())}`)
}

// The replay program is started through a shell script, which Windows does not run.
describe.skipIf(process.platform === 'win32')('the GPU monitor', () => {
  test('one report is fresh, complete and attributed, without anybody watching', async () => {
    const gpus = watching('workstation', { pidToService: (pid) => (pid === 21_877 ? 'comfyui-qwen' : null) })

    const report = await gpus.report()

    expect(report.state).toBe('live')
    expect(report.gpus.map((gpu) => [gpu.index, gpu.name, gpu.busId])).toEqual([
      [0, 'NVIDIA GeForce RTX 3080 Ti', '0000:01:00.0'],
      [1, 'NVIDIA GeForce RTX 3090', '0000:24:00.0'],
    ])
    expect(report.gpus[1]?.processes).toEqual([
      { pid: 21_877, name: '/workspace/ComfyUI/venv/bin/python', memoryMiB: 17_604, serviceId: 'comfyui-qwen' },
      { pid: 22_410, name: 'python3', memoryMiB: 388, serviceId: null },
    ])
  })

  test('many readers share one child, which ends soon after the last of them', async () => {
    const gpus = watching('workstation')
    const stop = new AbortController()
    const readers = [1, 2, 3].map(async () => {
      for await (const report of gpus.watch(stop.signal)) if (report.state === 'live') return
    })
    await Promise.all(readers)
    const [line = '', ...others] = await streams()

    expect(others).toEqual([])
    await until('the child to end', () => !isAlive(line))
    expect(gpus.readers()).toBe(0)
  })

  test('values live: samples follow each other about once a second', async () => {
    const gpus = watching('workstation')
    const seen = new Set<number | null>()

    await read(gpus, ({ state, gpus: [gpu] }) => {
      if (state === 'live') seen.add(gpu?.powerW ?? null)
      return seen.size >= 3
    })

    expect(seen.size).toBe(3)
  })

  test.each<[GpuScenario, string, string]>([
    ['no-driver', 'absent', 'gpu.driver-not-loaded'],
    ['version-mismatch', 'absent', 'gpu.version-mismatch'],
    ['no-devices', 'no-devices', 'gpu.no-devices'],
  ])('%s is told with a reason and what to do', async (scenario, state, problem) => {
    const report = await watching(scenario).report()

    expect(report).toMatchObject({ state, gpus: [], reason: { problem } })
    expect(report.reason?.hint).not.toBe('')
  })

  test('without nvidia-smi the state is absent', async () => {
    // Windows' places are nowhere on this machine, whatever its driver is.
    const machine = { platform: 'win32', isWsl: false, isContainer: false } as const
    const report = await watching('workstation', { machine }).report()

    expect(report).toMatchObject({ state: 'absent', reason: { problem: 'gpu.no-program' } })
  })

  test('columns that the driver does not know are dropped, and the rest is read', async () => {
    const gpus = watching('unknown-field')

    const report = await read(gpus, ({ state }) => state === 'live')

    expect(report.gpus[0]).toMatchObject({ migMode: null, computeMode: null, memoryTotalMiB: 12_288, fanPct: 44 })
    expect(report.gpus[0]?.computeCapability).toBeNull()
    // Under the name that it had before.
    expect(report.gpus[0]?.slowedBy).toEqual(['heat'])
    expect(await streams()).toHaveLength(5)
  })

  test('a laptop’s missing readings are unknown', async () => {
    const [gpu] = (await watching('laptop').report()).gpus

    expect(gpu).toMatchObject({ fanPct: null, powerLimitW: null, migMode: null, utilizationPct: 0, temperatureC: 44 })
  })

  test('a GPU that is lost in mid-stream is named while the others live on', async () => {
    const gpus = watching('lost')

    const report = await read(gpus, (one) => one.gpus.length === 1)

    expect(report).toMatchObject({ state: 'live', reason: { problem: 'gpu.lost', params: { gpu: '0000:01:00.0' } } })
    expect(report.gpus[0]?.index).toBe(1)
  })

  test('a stream that ends is stale with its reason, and is started again', async () => {
    const gpus = watching('dies')

    const stale = await read(gpus, ({ state }) => state === 'stale')
    const again = await read(gpus, ({ state }) => state === 'live')

    expect(stale).toMatchObject({ reason: { problem: 'gpu.lost' } })
    expect(stale.gpus).toHaveLength(2)
    expect(again.gpus).toHaveLength(2)
  })

  test('a silent stream is stale, ended, and only then replaced', async () => {
    const gpus = watching('hang', { timing: { silentMs: 400 } })
    const stop = new AbortController()
    const alive: number[] = []
    const reasons = new Set<string | undefined>()
    const counting = readAll(gpus, stop.signal, async (report) => {
      alive.push((await streams()).filter(isAlive).length)
      reasons.add(report.reason?.problem)
    })

    await until('a third child', async () => (await streams()).length >= 3)
    stop.abort()
    await counting

    expect(Math.max(...alive)).toBe(1)
    expect(reasons).toContain('gpu.silent')
  })

  test('where the looped output does not come through, each sample gets a program of its own', long, async () => {
    const gpus = watching('mute', { timing: { firstRowMs: 500 } })
    const stop = new AbortController()
    const reading = readAll(gpus, stop.signal)

    await until('a single question', async () =>
      (await starts()).some((line) => line.includes('--query-gpu') && !line.includes('--loop-ms')),
    )
    stop.abort()
    await reading
  })

  test('a warning beside good rows is told and harms nothing', async () => {
    const report = await read(watching('inforom'), ({ reason }) => reason !== undefined)

    expect(report).toMatchObject({ state: 'live', reason: { problem: 'gpu.inforom' } })
    expect(report.gpus).toHaveLength(1)
  })

  test('a warning about one card stands on that card', async () => {
    const report = await read(watching('inforom'), ({ gpus: [gpu] }) => gpu?.warning !== undefined)

    expect(report.gpus[0]?.warning).toMatchObject({ problem: 'gpu.inforom' })
  })

  test('a card that requires a reset is live, with its warning', async () => {
    const scenario = await scenarioOfCase('requires-reset.csv', folder.path)

    const report = await watching(scenario).report()

    expect(report).toMatchObject({ state: 'live', gpus: [{ warning: { problem: 'gpu.requires-reset' } }] })
  })

  test('a Jetson is one GPU', async () => {
    const report = await watching(await scenarioOfCase('orin.csv', folder.path)).report()

    expect(report).toMatchObject({ state: 'live', gpus: [{ name: 'Orin (nvgpu)', utilizationPct: null }] })
  })

  test('an NVML that does not start under WSL is told by its first line', async () => {
    const scenario = await scenarioOfCase('wsl-nvml.txt', folder.path)
    const machine = { platform: 'linux', isWsl: true, isContainer: false } as const

    const report = await watching(scenario, { machine }).report()

    expect(report).toMatchObject({
      state: 'absent',
      reason: { problem: 'gpu.nvml-wsl', params: { words: 'Failed to initialize NVML: N/A' } },
    })
  })

  test('words that no rule knows are quoted from their first line', async () => {
    const scenario = path.join(folder.path, 'odd.json')
    await writeFile(scenario, JSON.stringify({ fails: { text: 'The first line\nThe second line', code: 255 } }))

    const report = await watching(scenario).report()

    expect(report.reason).toMatchObject({ problem: 'gpu.failed', params: { words: 'The first line' } })
  })

  test('output without line ends hides no row that comes after it, and ends as a message', long, async () => {
    const scenario = await scenarioOfCase('orin.csv', folder.path)
    const content = JSON.parse(await readFile(scenario, 'utf8')) as Record<string, unknown>
    await writeFile(scenario, JSON.stringify({ ...content, flood: 4 * 2 ** 20 }))

    const report = await watching(scenario).report()

    expect(report).toMatchObject({ state: 'live', gpus: [{ name: 'Orin (nvgpu)' }] })
  })

  test('another program is asked once it is named, and the former answers no more', async () => {
    let setting: string | null = path.join(folder.path, 'gone')
    const gpus = watching('workstation', { named: () => ({ setting, environment: null }) })
    const before = await gpus.report()

    setting = replayProgram
    gpus.restart()
    const after = await gpus.report()

    expect(before).toMatchObject({ state: 'absent', reason: { problem: 'gpu.program-missing' } })
    expect(after).toMatchObject({ state: 'live' })
    expect(after.gpus).toHaveLength(2)
  })

  test('a restart while somebody reads goes on with one child', async () => {
    const gpus = watching('workstation')
    const reading = new AbortController()
    const states: string[] = []
    const done = readAll(gpus, reading.signal, ({ state }) => states.push(state))
    await until('a sample', () => gpus.last().state === 'live')

    gpus.restart()
    await until(
      'a sample of the next child',
      async () => gpus.last().state === 'live' && (await streams()).length === 2,
    )

    expect((await streams()).filter(isAlive)).toHaveLength(1)
    reading.abort()
    await done
    expect(states.filter((state, at) => state !== states[at - 1])).toEqual(['starting', 'live', 'starting', 'live'])
  })

  test('it keeps on, seldom, while nobody looks: one child at a time, at the pace of whoever looks', async () => {
    const steps: number[] = []
    const gpus = watching('workstation', {
      timing: { quietMs: 1_500 },
      onReport: ({ state }, stepMs) => state === 'live' && steps.push(stepMs),
    })
    const paces = async () => (await streams()).map((line) => /--loop-ms=(\d+)/.exec(line)?.[1])

    gpus.keepOn()
    await until('two quiet samples', () => steps.length >= 2)
    const noLonger = gpus.need()
    await until('a quick sample', () => steps.includes(1_000))
    noLonger()
    noLonger()
    await until('another quiet child', async () => (await paces()).length === 3)
    await until('a sample of it', () => steps.at(-1) === 1_500)

    expect(await paces()).toEqual(['1500', '1000', '1500'])
    expect((await streams()).filter(isAlive)).toHaveLength(1)
    expect(gpus.readers()).toBe(0)
    // Processes are asked for while somebody looks alone.
    await gpus.close()
    expect((await streams()).filter(isAlive)).toEqual([])
  })

  test('closing ends the child and every stream', async () => {
    const gpus = watching('workstation')
    const reading = readAll(gpus)
    await until('a sample', () => gpus.last().state === 'live')

    await gpus.close()
    await reading

    expect((await streams()).filter(isAlive)).toEqual([])
  })

  test('no secret of the panel reaches the child', async () => {
    process.env['REGIE_ADMIN_TOKEN'] = 'not-for-children'
    const { smiEnvironment } = await import('../../../electron/gpu/smi')

    const passed = smiEnvironment()

    expect(Object.values(passed)).not.toContain('not-for-children')
    expect(passed['LC_ALL']).toBe('C')
  })
})
