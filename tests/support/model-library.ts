import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { ServiceConfig, type EngineStatus } from '../../shared/contract'
import { openModels, type Models } from '../../electron/models'
import type { Audit } from '../../electron/audit/audit'
import { regiePrograms } from './programs'

export type ModelsOptions = Parameters<typeof openModels>[0]

type Kinds = Readonly<Record<string, 'comfyui' | 'forge' | 'forge-neo'>>

/** A library over the folders of native programs below a folder, each with its models in `<id>/models`. */
export async function openModelsAt(
  root: string,
  kinds: Kinds,
  options: Pick<ModelsOptions, 'worker' | 'reportBug'> & Partial<ModelsOptions>,
): Promise<Models> {
  const configs = Object.entries(kinds).map(([id, kind]) =>
    ServiceConfig.parse({
      ...{ id, kind, runtime: 'process', url: 'http://127.0.0.1:1' },
      process: { command: 'python', args: ['main.py'], cwd: path.join(root, id) },
    }),
  )
  for (const { id } of configs) await mkdir(path.join(root, id, 'models'), { recursive: true })
  return openModels({
    file: path.join(root, 'models.db'),
    downloadsFile: path.join(root, 'model-downloads.json'),
    tokenOf: () => Promise.resolve(null),
    services: () => configs,
    layout: {
      engine: { client: () => Promise.reject(new Error('no engine')), status: () => noEngine },
      compose: { config: () => Promise.reject(new Error('no Compose')) },
      containerOf: () => null,
      platform: process.platform,
    },
    modelUse: () => [],
    mentions: () => Promise.resolve([]),
    wanted: () => Promise.resolve([]),
    loadOf: () => Promise.resolve('free'),
    auditFirst: () => Promise.resolve(),
    changed: () => undefined,
    ...options,
  })
}

/** The same below a temporary folder, with what was audited and went wrong. */
export async function startModels(kinds: Kinds, options: Partial<ModelsOptions> = {}) {
  const root = await mkdtemp(path.join(os.tmpdir(), 'regie-models-'))
  const bundle = await regiePrograms({ worker: 'electron/models/model-worker.ts' })
  const audited: Parameters<Audit['appendFirst']>[0][] = []
  const bugs: unknown[] = []
  for (const id of Object.keys(kinds)) await mkdir(path.join(root, id, 'models'), { recursive: true })
  const open = (): Promise<Models> =>
    openModelsAt(root, kinds, {
      worker: bundle.programs.worker,
      auditFirst: (entry) => {
        audited.push(entry)
        return Promise.resolve()
      },
      reportBug: (error) => bugs.push(error),
      ...options,
    })
  return {
    ...{ root, open, audited, bugs, at: (...parts: string[]) => path.join(root, ...parts) },
    async remove() {
      await bundle.remove()
      await rm(root, { recursive: true, force: true })
    },
  }
}

const noEngine: EngineStatus = {
  ...{ state: 'unreachable', since: 0, attempts: [], triedAt: 0, nextTryAt: null, info: null, compose: null },
  ...{ platform: 'linux', address: null },
}
