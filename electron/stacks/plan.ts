import path from 'node:path'
import type { ComposeSpec, CredentialInput, ServiceConfig, StackAnswers, StackOrder } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { canStandInEnv } from '../compose/files/dotenv'
import { manifestName } from './manifest'
import type { StackTemplate } from './templates'

/** What the plan depends on beside the answers. */
export interface Surroundings {
  platform: NodeJS.Platform
  /** User and group that the container runs as, e.g. `1000:1000`. */
  runAs: string
  /** The folder of PyTorch's packages, by the card: `cu130`, `cu126`, `cpu`. */
  torchBuild: string
  /** Limit of the container's memory; null leaves what the example says. */
  memoryGiB: number | null
}

/** Everything that a deployment will make, before anything is made. */
export interface StackPlan {
  folder: string
  /** Names of the files that are written into `folder`; the last ones hold secrets. */
  files: string[]
  /** Folders that must be there, absolute. */
  folders: { models: string; outputs: string; cache: string; own: string[] }
  /** A ComfyUI, or its models folder, that is read; null for none. */
  sharedModels: string | null
  /** Values of the `.env`, but for secrets. */
  env: [key: string, value: string][]
  withGpu: boolean
  spec: ComposeSpec
  service: ServiceConfig
}

const dataFolders = ['models', 'outputs', 'cache'] as const

/** A path as Compose reads it from `.env`: relative below the stack's folder, and with `/` on Windows too. */
function envPath(file: string, folder: string, platform: NodeJS.Platform): string {
  const relative = path.relative(folder, file)
  const inside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
  const text = inside ? `./${relative}` : file
  const written = platform === 'win32' ? text.replaceAll('\\', '/') : text
  if (!canStandInEnv(written)) throw new Problem('stacks.folder-unsafe', { path: file })
  return written
}

/** An absolute path without `..`. Throws `stacks.folder-relative`. */
function wholePath(text: string, platform: NodeJS.Platform): string {
  if (path.isAbsolute(text)) return path.normalize(text).replace(/(?<=.)[/\\]$/, '')
  throw new Problem('stacks.folder-relative', {
    path: text,
    example: platform === 'win32' ? 'D:\\regie\\comfyui-qwen' : '/srv/regie/comfyui-qwen',
  })
}

const entry = (key: string, value: string): [key: string, value: string] => [key, value]

/** Turns answers into what will be made. Throws a Problem for paths that cannot be used. */
export function planStack(template: StackTemplate, answers: StackAnswers, around: Surroundings): StackPlan {
  const { platform } = around
  const folder = wholePath(answers.folder, platform)
  envPath(folder, path.parse(folder).root, platform)
  const given = { models: answers.modelsFolder, outputs: answers.outputsFolder, cache: answers.cacheFolder }
  const [models = '', outputs = '', cache = ''] = dataFolders.map((name) =>
    wholePath(given[name] ?? path.join(folder, name), platform),
  )
  const { serviceId, gpuUuid, port, sharedModelsFolder } = answers
  const withGpu = gpuUuid !== null
  const sharedModels =
    template.sharesModels && sharedModelsFolder !== undefined ? wholePath(sharedModelsFolder, platform) : null
  return {
    folder,
    files: [...template.files, manifestName, '.env'],
    folders: { models, outputs, cache, own: template.folders.map((name) => path.join(folder, name)) },
    sharedModels,
    env: [
      ['COMPOSE_PROJECT_NAME', serviceId],
      ['GPU_UUID', gpuUuid ?? 'none'],
      [template.portKey, String(port)],
      ['MODELS_FOLDER', envPath(models, folder, platform)],
      ['OUTPUTS_FOLDER', envPath(outputs, folder, platform)],
      ['CACHE_FOLDER', envPath(cache, folder, platform)],
      ['RUN_AS', around.runAs],
      ...(template.torch.cpu === 'cpu' ? [entry('TORCH_BUILD', around.torchBuild)] : []),
      ...(around.memoryGiB === null ? [] : [entry('MEMORY_LIMIT', `${around.memoryGiB}g`)]),
      ...(sharedModels === null ? [] : [entry('COMFYUI_FOLDER', envPath(sharedModels, folder, platform))]),
      ...(template.offersManager && answers.manager === true ? [entry('COMFYUI_MANAGER', 'yes')] : []),
      ...(withGpu ? [] : [entry(template.withoutGpu.key, template.withoutGpu.value)]),
    ],
    withGpu,
    spec: { file: path.join(folder, 'compose.yaml'), service: template.id, project: serviceId },
    service: {
      id: serviceId,
      ...(answers.name !== undefined && { name: answers.name }),
      kind: template.kind,
      runtime: 'compose',
      url: `http://127.0.0.1:${port}`,
      credentialId: serviceId,
      ...(gpuUuid !== null && { gpuUuid }),
      compose: { file: path.join(folder, 'compose.yaml'), service: template.id, project: serviceId },
    },
  }
}

/** The credential of the new service, which stands where the stack reads it. */
export const credentialOf = (template: StackTemplate, order: StackOrder, folder: string): CredentialInput => ({
  id: order.serviceId,
  scheme: template.scheme,
  ...(order.username !== undefined && { username: order.username }),
  ...(order.password !== undefined && { password: order.password }),
  sinks: template.sinks.map(({ file, ...sink }) => ({ ...sink, path: path.join(folder, file) })),
})

/** Files of the plan that hold a secret and are not among `files`: written by the vault. */
export const secretFiles = (template: StackTemplate): string[] =>
  template.sinks.map(({ file }) => file).filter((file) => file !== '.env')
