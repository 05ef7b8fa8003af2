import * as z from 'zod'
import { firstKind, stackIds } from '../kinds'
import { gives, GpuUuid, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { CredentialInput } from './credentials'
import { ComposeSpec, ServiceConfig, ServiceKind } from './service-config'
import { Service } from './services'

export const StackId = z.enum(stackIds)
export type StackId = z.infer<typeof StackId>

/** What a stack would install for a card, and why not. */
const StackCard = z.object({
  /** Null: no GPU. */
  gpuUuid: GpuUuid.nullable(),
  /** `warning`: something is assumed; `failed`: it is refused. */
  state: z.enum(['ok', 'warning', 'failed']),
  /** Version of PyTorch, e.g. `2.14.1`. */
  pytorch: z.string(),
  /** The CUDA that comes with it, e.g. `13.0`; null for the processor alone, or where it is refused. */
  cuda: z.string().nullable(),
  /** What the choice was made by; null is unknown. */
  computeCapability: z.string().nullable(),
  driverVersion: z.string().nullable(),
  reason: ReasonSchema.optional(),
})
export type StackCard = z.infer<typeof StackCard>

/** A ready-made Compose project that Regie brings along, and what it asks of the person who deploys it. */
export const Stack = z.object({
  id: StackId,
  kind: ServiceKind,
  /** Version of its files: the program's release, and `-2` where only the files around it changed. */
  version: z.string(),
  /** Nobody develops its program on: it is there for those who have it. */
  isUnmaintained: z.boolean(),
  /** Whether it can use the models of a ComfyUI, and whether ComfyUI-Manager can be switched on. */
  sharesModels: z.boolean(),
  offersManager: z.boolean(),
  /** What it would install for each card of this machine, and without one. */
  cards: z.array(StackCard),
  /** What is copied into the folder that is chosen. */
  files: z.array(z.string()),
  /** Model files that it looks for, below the models folder. */
  models: z.array(z.string()),
  /** Disk space that those models take, and that the image takes where Docker keeps images. */
  modelsGiB: z.number(),
  imageGiB: z.number(),
  /** Free now: a name, a folder that is not there yet, a port. */
  suggested: z.object({ serviceId: z.string(), folder: z.string(), port: z.number().int() }),
})
export type Stack = z.infer<typeof Stack>

const path = z.string().min(1).max(1024)

const answers = {
  stackId: StackId,
  /** Name of the service, of its credential and of the Compose project. */
  serviceId: Slug,
  /** What the service is called; left out: as its id. */
  name: ServiceConfig.shape.name,
  /** Where the files go: an absolute path; made when it is not there. */
  folder: path,
  /** Null: no GPU; slow, but it runs. */
  gpuUuid: GpuUuid.nullable(),
  port: z.number().int().min(1).max(65_535),
  /** Left out: a folder of this name beside the files. */
  modelsFolder: path.optional(),
  outputsFolder: path.optional(),
  cacheFolder: path.optional(),
  /** A ComfyUI installation, or its models folder, whose models are read too; only where the stack shares models. */
  sharedModelsFolder: path.optional(),
  /** Switches ComfyUI-Manager on; only where the stack offers it. Left out: off. */
  manager: z.boolean().optional(),
}

/** The answers about a deployment, as far as they can be checked beforehand. */
export const StackAnswers = z.object(answers)
export type StackAnswers = z.infer<typeof StackAnswers>

export const StackOrder = z.object({
  ...answers,
  username: z.string().min(1).max(128).optional(),
  /** Left out: a good one is made. */
  password: z.string().min(1).max(1024).optional(),
  /** Start it when everything is in place. */
  start: z.boolean().default(true),
})
export type StackOrder = z.infer<typeof StackOrder>

/** One thing that was looked at before anything is written. */
export const StackCheckItem = z.object({
  id: z.enum([
    'engine',
    'compose',
    'gpu',
    'torch',
    'name',
    'folder',
    'files',
    'port',
    'space',
    'models',
    'memory',
    'image-space',
    'vault',
  ]),
  /** `warning`: it can go on. `failed`: it is refused until this is mended. */
  state: z.enum(['ok', 'warning', 'failed']),
  /** The answer that it is about; null when it is about none. */
  field: z
    .enum([
      'serviceId',
      'folder',
      'gpuUuid',
      'port',
      'modelsFolder',
      'outputsFolder',
      'cacheFolder',
      'sharedModelsFolder',
    ])
    .nullable(),
  /** What was found, in terms of the machine, e.g. `Docker 28.5`, `127.0.0.1:8188`. */
  found: z.string(),
  reason: ReasonSchema.optional(),
})
export type StackCheckItem = z.infer<typeof StackCheckItem>

export const StackCheck = z.object({
  ready: z.boolean(),
  items: z.array(StackCheckItem),
  /** Files and folders that will be made, as absolute paths; a file that is there already says so. */
  files: z.array(z.object({ path: z.string(), exists: z.boolean() })),
  folders: z.array(z.object({ path: z.string(), exists: z.boolean() })),
})
export type StackCheck = z.infer<typeof StackCheck>

export const DeploymentStep = z.object({
  id: z.enum(['check', 'files', 'settings', 'credential', 'service', 'start']),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  /** Evidence in terms of the machine, e.g. a path; null while there is none. */
  detail: z.string().nullable(),
})
export type DeploymentStep = z.infer<typeof DeploymentStep>

/** A stack on its way to become a service. */
export const Deployment = z.object({
  id: RecordId,
  stackId: StackId,
  serviceId: z.string(),
  folder: z.string(),
  /**
   * `not-started`: everything is in place and kept, but the service did not come up. `undone`: all that was made is
   * gone again, but for what `kept` names.
   */
  state: z.enum(['running', 'done', 'not-started', 'undoing', 'undone']),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  steps: z.array(DeploymentStep),
  /** Why it did not start or was undone. */
  reason: ReasonSchema.optional(),
  /** What an undo left: paths that were not empty, or that could not be taken away. */
  kept: z.array(z.string()),
})
export type Deployment = z.infer<typeof Deployment>

/** A service of a Compose project that is to be looked after. */
const Adopted = z.object({
  id: Slug,
  /** What it is called; left out: as its id. */
  name: ServiceConfig.shape.name,
  kind: ServiceKind,
  url: ServiceConfig.shape.url,
  /** Its name in the Compose file. */
  service: ComposeSpec.shape.service,
  gpuUuid: ServiceConfig.shape.gpuUuid,
  /** A credential that the vault holds, or a new one; neither: it asks for none. */
  credentialId: Slug.optional(),
  credential: CredentialInput.optional(),
  /** Writes the new credential into its sinks at once. Else they are only watched: what stands there stays. */
  writesSinks: z.boolean().default(false),
})

export const AdoptOrder = z.object({
  project: ComposeSpec.omit({ service: true }),
  services: z.array(Adopted).min(1).max(16),
})
export type AdoptOrder = z.infer<typeof AdoptOrder>

const tags = ['stacks']
const one = z.object({ id: RecordId })

export const stacks = {
  list: procedure('admin', { errors: gives.store })
    .route({ method: 'GET', path: '/stacks', tags, summary: 'The ready-made stacks, and what to answer them' })
    .output(z.array(Stack)),
  check: procedure('admin', {
    errors: ['CONFLICT', ...gives.store],
    example: { stackId: 'comfyui-qwen', serviceId: firstKind, folder: '/srv/comfyui', gpuUuid: null, port: 8188 },
  })
    .route({
      method: 'POST',
      path: '/stacks/check',
      tags,
      summary: 'Look whether a stack could be deployed; changes nothing',
    })
    .input(StackAnswers)
    .output(StackCheck),
  deploy: procedure('admin', {
    reauth: true,
    errors: gives.runtime,
    example: {
      stackId: 'comfyui-qwen',
      serviceId: firstKind,
      folder: '/srv/comfyui',
      gpuUuid: null,
      port: 8188,
      wait: false,
    },
  })
    .route({
      method: 'POST',
      path: '/stacks/deploy',
      tags,
      summary:
        'Copy a stack, make its credential, add its service and start it. Answers when finished unless wait is false',
    })
    .input(StackOrder.extend({ wait: z.boolean().default(true) }))
    .output(Deployment),
  deployment: procedure('admin')
    .route({ method: 'GET', path: '/stacks/deployments/{id}', tags, summary: 'How far a deployment has got' })
    .input(one)
    .output(Deployment),
  undo: procedure('admin', { errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'POST',
      path: '/stacks/deployments/{id}/undo',
      tags,
      summary: 'Cancel a deployment that goes on, or take back one that did not start; answers when it is undone',
    })
    .input(one)
    .output(Deployment),
  adopt: procedure('admin', {
    reauth: true,
    errors: ['NOT_FOUND', ...gives.runtime],
    example: {
      project: { file: '/srv/comfyui/compose.yaml' },
      services: [{ id: firstKind, kind: firstKind, url: 'http://127.0.0.1:8188', service: firstKind }],
    },
  })
    .route({
      method: 'POST',
      path: '/docker/projects/adopt',
      tags: ['docker'],
      summary: 'Add services of a Compose project that is there; all of them or none',
    })
    .input(AdoptOrder)
    .output(z.array(Service)),
}
