import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createBackend, type BackendEvent, type BackendTiming, type ImageBackend } from '../../../electron/kinds'
import { asItIs } from '../../../electron/logs/cutting'
import { startComfyuiSimulator, type ComfyuiOptions } from '../../../electron/simulator/comfyui'
import { startForgeSimulator, type ForgeOptions } from '../../../electron/simulator/forge'
import type { LendSecret, Secret } from '../../../electron/vault/secret'
import type { GenerationParams, ServiceKind } from '../../../shared/contract'
import { encodePng } from '../../../electron/simulator/media/png'
import { temporaryFolder } from '../../support/programs'

export const comfyuiSecret: Secret = {
  username: 'regie',
  password: null,
  token: '$2b$12$abcdefghijklmnopqrstuuKq1Wb8r0CjJ1m0p3y0X5n0v4z1m2q3a',
}
export const forgeSecret: Secret = { username: 'regie', password: 'correct-horse', token: null }

/** Everything happens within tens of milliseconds, in the right order; painting previews would take longer. */
const fast = { loadMs: 40, stepMs: 15, preview: 'none' } as const

const quick: Partial<BackendTiming> = {
  tickMs: 40,
  quietMs: 2_000,
  lostAfterMs: 300,
  cancelGraceMs: 1_000,
  pollMs: 40,
  previewMs: 50,
}

const lend =
  (secret: Secret | null): LendSecret =>
  async (use) =>
    await use(secret)

/** A picture of one grey for each id. */
const readInput = async (id: string) => {
  const data = new Uint8Array(64 * 64 * 3).fill(id.charCodeAt(0))
  return { bytes: await encodePng({ width: 64, height: 64, data }), mime: 'image/png' as const, width: 64, height: 64 }
}

export function backendAt(kind: ServiceKind, url: string, secret: Secret | null, timing: Partial<BackendTiming> = {}) {
  return createBackend(
    { serviceId: `${kind}-test`, kind, url, lendSecret: lend(secret), redact: asItIs, readInput },
    { ...quick, ...timing },
  )
}

/** A simulated ComfyUI with ComfyUI-Login, and the client that has its credential. Gone with `await using`. */
export async function comfyui(options: Partial<ComfyuiOptions> = {}, timing: Partial<BackendTiming> = {}) {
  const folder = await temporaryFolder('comfyui')
  await mkdir(path.join(folder.path, 'login'), { recursive: true })
  await writeFile(path.join(folder.path, 'login', 'PASSWORD'), `${comfyuiSecret.token ?? ''}\nregie`)
  const start = (more: Partial<ComfyuiOptions> = {}) =>
    startComfyuiSimulator({ folder: folder.path, ...options, ...more, behaviour: { ...fast, ...options.behaviour } })
  const simulator = await start()
  return {
    simulator,
    folder: folder.path,
    start,
    backend: backendAt('comfyui', simulator.url, comfyuiSecret, timing),
    async [Symbol.asyncDispose]() {
      await simulator.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** A simulated Forge behind both its credentials, and the client that has them. Gone with `await using`. */
export async function forge(options: Partial<ForgeOptions> = {}, timing: Partial<BackendTiming> = {}) {
  const folder = await temporaryFolder('forge')
  const account = { username: forgeSecret.username ?? '', password: forgeSecret.password ?? '' }
  const behaviour = { ...fast, ...options.behaviour }
  const simulator = await startForgeSimulator({ folder: folder.path, account, ...options, behaviour })
  return {
    simulator,
    folder: folder.path,
    backend: backendAt('forge', simulator.url, forgeSecret, timing),
    async [Symbol.asyncDispose]() {
      await simulator.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** What a job told, its pictures fetched. */
export type Told = Exclude<BackendEvent, { type: 'image' }> | { type: 'image'; image: { bytes: Buffer } }

const fetched = async (event: BackendEvent): Promise<Told> => {
  if (event.type !== 'image') return event
  const pieces: Uint8Array[] = []
  for await (const piece of event.image.pieces()) pieces.push(piece)
  return { type: 'image', image: { bytes: Buffer.concat(pieces) } }
}

/** Runs one job to its end and returns all that it told. */
export async function generate(
  backend: ImageBackend,
  params: GenerationParams,
  options: { jobId?: string; signal?: AbortSignal; onEvent?: (event: BackendEvent) => void } = {},
): Promise<Told[]> {
  const signal = options.signal ?? new AbortController().signal
  // Small pictures: painting them is most of what a simulator does.
  const resolved = await backend.resolve({ width: 256, height: 256, ...params }, AbortSignal.timeout(10_000))
  const events: Told[] = []
  for await (const event of backend.generate(options.jobId ?? crypto.randomUUID(), resolved, signal)) {
    events.push(await fetched(event))
    options.onEvent?.(event)
  }
  return events
}

/** The kinds of events in order, each run of equal ones once. */
export function storyOf(events: readonly (BackendEvent | Told)[]): string[] {
  const names = events.map((event) => (event.type === 'progress' ? event.phase : event.type))
  return names.filter((name, i) => name !== names[i - 1])
}
