import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { nvidiaSmiOnPath, replayProgram } from '../../support/nvidia-smi'
import { temporaryFolder } from '../../support/programs'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'

let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
const before = { ...process.env }

beforeAll(async () => {
  bundle = await bundlePanelPrograms()
})
afterAll(() => bundle.remove())

beforeEach(async () => {
  Object.assign(process.env, nvidiaSmiOnPath('no-driver'))
  running = await startPanel({ programs: bundle.programs, demo: false })
})
afterEach(async () => {
  await running.stop()
  process.env = { ...before }
})

const choose = (program: string | null) => running.rest('PUT', 'gpus/program', { program })
const chosen = () => running.rest('GET', 'gpus/program')
const changes = async () => (await running.panel.parts.audit.list({ topic: 'gpu', limit: 10 })).items

// The replay program is started through a shell script, which Windows does not run.
describe.skipIf(process.platform === 'win32')('the program for the GPUs, over REST', () => {
  it('is named, asked at once, kept, written down, and given up again', async () => {
    process.env['REGIE_REPLAY_SCENARIO'] = 'workstation'

    const named = await choose(replayProgram)
    const kept = running.panel.parts.gpuProgram
    const back = await choose(null)

    expect(named).toMatchObject({
      status: 200,
      body: { program: { setting: replayProgram, inUse: replayProgram }, report: { state: 'live' } },
    })
    expect((named.body as { report: { gpus: unknown[] } }).report.gpus).toHaveLength(2)
    expect(back).toMatchObject({ status: 200, body: { program: { setting: null }, report: { state: 'live' } } })
    expect(await kept.status()).toMatchObject({ setting: null })
    expect((await changes()).map(({ action, details }) => [action, details['program']])).toEqual([
      ['gpu.program-changed', '(found)'],
      ['gpu.program-changed', replayProgram],
    ])
  })

  it('that cannot be run is refused, and the former choice stays', async () => {
    const file = path.join(running.dataFolder, 'no-program')
    await writeFile(file, 'text')
    await chmod(file, 0o644)

    expect(await choose('nvidia-smi')).toMatchObject({ status: 400, body: { data: { problem: 'gpu.program-path' } } })
    expect(await choose(file)).toMatchObject({ status: 422, body: { data: { problem: 'gpu.program-missing' } } })
    expect(await chosen()).toMatchObject({ body: { setting: null, environment: null } })
    expect(await changes()).toEqual([])
  })

  it('that was named is asked by the next panel too', async () => {
    await using folder = await temporaryFolder('regie-gpu-program')
    const options = { programs: bundle.programs, demo: false, dataFolder: folder.path }
    const first = await startPanel(options)
    await first.rest('PUT', 'gpus/program', { program: replayProgram })
    await first.stop()

    const next = await startPanel(options)
    const status = await next.panel.parts.gpuProgram.status()
    await next.stop()

    expect(status).toMatchObject({ setting: replayProgram, inUse: replayProgram })
  })

  it('can be named by REGIE_NVIDIA_SMI, which the settings outrank', async () => {
    process.env['REGIE_NVIDIA_SMI'] = '/nowhere/nvidia-smi'
    const next = await startPanel({ programs: bundle.programs, demo: false })
    try {
      const named = await next.rest('GET', 'gpus/program')
      const report = await next.rest('GET', 'gpus/report')
      const outranked = await next.rest('PUT', 'gpus/program', { program: replayProgram })

      expect(named).toMatchObject({
        body: { environment: '/nowhere/nvidia-smi', inUse: null, reason: { problem: 'gpu.program-missing' } },
      })
      expect(report).toMatchObject({ body: { state: 'absent', reason: { problem: 'gpu.program-missing' } } })
      expect(outranked).toMatchObject({ body: { program: { inUse: replayProgram } } })
    } finally {
      await next.stop()
    }
  })
})
