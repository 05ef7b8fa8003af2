import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { GpuMonitor } from '../../../electron/gpu'
import type { ServiceConfig } from '../../../shared/contract'
import { long } from '../../support/long'
import { nvidiaSmiOnPath } from '../../support/nvidia-smi'
import { regiePrograms, temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { command, createPanelServices, prepareComfyui } from './setup'

const scenarios = path.resolve(import.meta.dirname, '../../support/nvidia-smi/scenarios')
const [first, second] = ['GPU-1a2b3c4d-0000-1111-2222-333344445555', 'GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff']

let bundle: Awaited<ReturnType<typeof regiePrograms<'simulator' | 'guardian'>>>
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  bundle = await regiePrograms({
    simulator: 'electron/simulator/main.ts',
    guardian: 'electron/services/guardian.ts',
  })
})
afterAll(() => bundle.remove())
beforeEach(async () => {
  folder = await temporaryFolder('regie-start-order')
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  vi.unstubAllEnvs()
  await folder[Symbol.asyncDispose]()
})

/** A ComfyUI that takes its time, run as a native program. */
async function slow(id: string, gpuUuid: string): Promise<ServiceConfig> {
  const own = path.join(folder.path, id)
  await prepareComfyui(own, { slowStartMs: 400 })
  const behaviour = path.join(own, 'behaviour.json')
  const args = [bundle.programs.simulator, 'comfyui', '--folder', own, '--port', '{port}', '--behaviour', behaviour]
  return { ...(await command(id, own, args)), gpuUuid }
}

/** Two GPUs as nvidia-smi shows them, with the processes that a test gives them. */
async function workstation(processes: [gpu: string, pid: number, usedMiB: number][]) {
  const file = path.join(folder.path, 'scenario.json')
  const scenario: unknown = JSON.parse(await readFile(path.join(scenarios, 'workstation.json'), 'utf8'))
  const rows = processes.map(([gpu, pid, used]) => [gpu, String(pid), String(used), 'python'])
  await writeFile(file, JSON.stringify({ ...(scenario as object), processes: rows })) // it is the file's own object
  for (const [name, value] of Object.entries({ ...nvidiaSmiOnPath(), REGIE_REPLAY_SCENARIO: file }))
    vi.stubEnv(name, value)
}

function panel(entries: ServiceConfig[]) {
  const monitor = new GpuMonitor({
    pidToService: (pid) => made.services.ownerOf(pid),
    timing: { processesMs: 50, lingerMs: 50 },
  })
  const made = createPanelServices({ folder: folder.path, programs: bundle.programs, entries, gpus: monitor })
  closing.push(async () => {
    await made.services.close()
    await monitor.close()
    expect(made.bugs).toEqual([])
  })
  /** When a service was first told to be so. */
  const when = (id: string, is: (told: ReturnType<typeof made.services.get>) => boolean) =>
    made.events.find(({ event }) => event.type === 'service' && event.service.id === id && is(event.service))?.at ?? NaN
  return { ...made, when }
}

test('services that share a GPU start one after the other, those on another at the same time', async () => {
  await workstation([])
  const { services, when } = panel([await slow('qwen', first), await slow('video', first), await slow('forge', second)])

  await services.startAll()
  for (const id of ['qwen', 'video', 'forge'])
    await until(`${id} to be ready`, () => services.get(id).health.state === 'ready')

  const launched = (id: string) => when(id, ({ pid }) => pid !== null)
  const ready = (id: string) => when(id, ({ health }) => health.state === 'ready')
  expect(launched('video')).toBeGreaterThanOrEqual(ready('qwen'))
  expect(launched('forge')).toBeLessThan(ready('qwen'))
  expect(when('video', ({ health }) => health.problem === 'vram.waits')).toBeLessThan(ready('qwen'))
})

test(
  'before a start it is told for whom it waits, how much VRAM is free, and what the service took the last time',
  long,
  async () => {
    await workstation([])
    const { services } = panel([await slow('qwen', first), await slow('video', first)])
    const starting = services.start('qwen')
    await until('qwen to start', () => services.get('qwen').pid !== null)

    const plan = await services.startPlan('video')

    expect(plan).toMatchObject({
      action: 'start',
      gpu: { uuid: first, name: 'NVIDIA GeForce RTX 3080 Ti', totalMiB: 12_288 },
      tookLastTimeMiB: null,
      waitsFor: ['qwen'],
    })
    expect(plan.gpu?.freeMiB).toBeGreaterThan(0)
    await starting
    await until('qwen to be ready', () => services.get('qwen').health.state === 'ready')
    const { pid } = services.get('qwen')
    await workstation([[first, pid ?? 0, 5_000]])
    const took = await until('what it took', async () => (await services.startPlan('qwen')).tookLastTimeMiB)
    expect(took).toBe(5_000)
    expect((await services.startPlan('video')).waitsFor).toEqual([])
  },
)

test('a start that waits for its turn can be cancelled', async () => {
  await workstation([])
  const { services } = panel([await slow('qwen', first), await slow('video', first)])
  const starting = services.start('qwen')
  await until('qwen to start', () => services.get('qwen').pid !== null)
  // It is cancelled before the stop resolves: whoever listens only then comes late.
  const waiting = expect(services.start('video')).rejects.toMatchObject({ id: 'service.start-cancelled' })
  await until('video to wait', () => services.get('video').health.problem === 'vram.waits')

  await services.stop('video')

  await waiting
  expect(services.get('video').health.problem).not.toBe('vram.waits')
  await starting
})
