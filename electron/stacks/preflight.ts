import { statfs } from 'node:fs/promises'
import path from 'node:path'
import type { EngineInfo, EngineStatus, StackAnswers, StackCheck, StackCheckItem } from '../../shared/contract'
import { Problem, reason } from '../../shared/problems'
import { lookAtBuildRoom } from '../docker/room/build-room'
import { chooseTorch, type Card, type TorchChoice } from '../kinds/torch'
import { readMachine } from '../system/machine'
import { cardOf, driverSystemOf, torchFolder } from './cards'
import { checkWritable, kindAt, nearestFolder } from './files'
import { memoryLimitGiB } from './memory'
import type { StackParts } from './parts'
import { planStack, secretFiles, type StackPlan } from './plan'
import { firstFree, holderOf, type PortHolder } from './ports'
import type { StackTemplate } from './templates'

const gib = 1024 ** 3

type Why = NonNullable<StackCheckItem['reason']>
type Item = Omit<StackCheckItem, 'field'> & { field?: StackCheckItem['field'] }

const item = (one: Item): StackCheckItem => ({ field: null, ...one })
const failed = (id: StackCheckItem['id'], why: Why, more: Partial<Item> = {}) =>
  item({ id, state: 'failed', found: '', reason: why, ...more })
const warning = (id: StackCheckItem['id'], why: Why, more: Partial<Item> = {}) =>
  item({ id, state: 'warning', found: '', reason: why, ...more })

/** Turns a thrown Problem into a failed item; anything else is a bug and goes on. */
async function tried(
  id: StackCheckItem['id'],
  more: Partial<Item>,
  look: () => Promise<StackCheckItem>,
): Promise<StackCheckItem> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof Problem) return failed(id, error.reason, more)
    throw error
  }
}

/** User and group for the container: the ones that this panel's files belong to, where the engine keeps them apart. */
function runAsOf(info: EngineInfo | null): string {
  const [user, group] = [process.getuid?.(), process.getgid?.()]
  // A rootless engine maps its own root to the user; Docker Desktop gives every file to whoever asks.
  if (info?.kind === 'rootless') return '0:0'
  return user === undefined || group === undefined || info?.kind === 'desktop' ? '1000:1000' : `${user}:${group}`
}

/** Who has a port, as far as Docker and Regie know. */
export const portHolder =
  ({ engine, services }: Pick<StackParts, 'engine' | 'services'>): PortHolder =>
  (port) => {
    const container = engine
      .containers()
      .find((one) => one.state === 'running' && one.ports.some(({ hostPort }) => hostPort === port))
    if (container) return container.name
    const service = services.list().find(({ url }) => {
      const { hostname, port: used } = new URL(url)
      return used === String(port) && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
    })
    return service ? service.id : null
  }

function checkEngine(status: EngineStatus): StackCheckItem {
  const { info, state } = status
  if (state !== 'connected' || info === null) return failed('engine', status.reason ?? reason('stacks.no-engine'))
  if (info.kind === 'remote') return failed('engine', reason('stacks.remote-engine'), { found: info.operatingSystem })
  return item({ id: 'engine', state: 'ok', found: `Docker ${info.version}` })
}

async function checkCompose({ compose }: StackParts): Promise<StackCheckItem> {
  const { program, version } = await compose.program()
  const name = program === 'plugin' ? 'docker compose' : 'docker-compose'
  return item({ id: 'compose', state: 'ok', found: `${name} ${version}` })
}

async function checkGpu(parts: StackParts, uuid: string | null): Promise<StackCheckItem> {
  const field = 'gpuUuid'
  if (uuid === null) return warning('gpu', reason('stacks.no-gpu'), { field })
  const { gpus, state } = await parts.gpus.report()
  const gpu = gpus.find((one) => one.uuid === uuid)
  const found = gpu?.name ?? uuid
  // A MIG part is not in the list of cards, and a list that could not be read proves nothing.
  const isListed = gpu !== undefined || uuid.startsWith('MIG-') || state === 'starting' || state === 'stale'
  if (!isListed) return failed('gpu', reason('stacks.gpu-not-seen', { uuid }), { field, found })
  const info = parts.engine.status().info
  if (info === null) return item({ id: 'gpu', state: 'ok', field, found })
  if (info.nvidiaRuntime === true) return item({ id: 'gpu', state: 'ok', field, found })
  // Docker Desktop brings the runtime with it and does not always say so.
  if (info.nvidiaRuntime === null || info.kind === 'desktop')
    return warning('gpu', reason('stacks.gpu-runtime-unknown'), { field, found })
  return failed('gpu', reason('stacks.no-gpu-runtime'), { field, found })
}

/** What is installed for the card, and whether it runs there; nothing is downloaded before this is known. */
function checkTorch({ torch }: StackTemplate, card: Card | null, choice: TorchChoice): StackCheckItem {
  const field = 'gpuUuid'
  const facts = card && [card.computeCapability, card.driverVersion].map((one) => one ?? '?').join(', ')
  if ('refused' in choice) return failed('torch', choice.refused, { field, found: facts ?? '' })
  const build = card === null ? 'CPU' : `CUDA ${choice.build?.cuda ?? '?'}`
  const found = `PyTorch ${torch.version}, ${build}${facts === null ? '' : ` (${facts})`}`
  if (choice.warning) return warning('torch', choice.warning, { field, found })
  return item({ id: 'torch', state: 'ok', field, found })
}

/** Whether the models have room in the memory that the container gets; unknown is no warning. */
function checkMemory({ modelsAtOnceGiB }: StackTemplate, memoryBytes: number | null): StackCheckItem[] {
  const limit = memoryLimitGiB(memoryBytes, modelsAtOnceGiB)
  if (limit === null || memoryBytes === null) return []
  const found = `${limit} GiB`
  if (limit >= modelsAtOnceGiB) return [item({ id: 'memory', state: 'ok', found })]
  const params = { total: Math.floor(memoryBytes / gib), needed: modelsAtOnceGiB }
  return [warning('memory', reason('stacks.little-memory', params), { found })]
}

/** Folders by which a ComfyUI's models are known. */
const comfyFolders = ['checkpoints', 'diffusion_models', 'unet', 'text_encoders', 'clip', 'vae', 'loras']

async function checkSharedModels(folder: string): Promise<StackCheckItem> {
  const places = [folder, path.join(folder, 'models')].flatMap((at) => comfyFolders.map((name) => path.join(at, name)))
  const found = await Promise.all(places.map(kindAt))
  const field = 'sharedModelsFolder'
  if (found.includes('folder')) return item({ id: 'folder', state: 'ok', field, found: folder })
  return failed('folder', reason('stacks.no-shared-models', { path: folder }), { field, found: folder })
}

function checkName(parts: StackParts, id: string): StackCheckItem {
  const field = 'serviceId'
  if (parts.services.list().some((one) => one.id === id))
    return failed('name', reason('service.exists', { id }), { field, found: id })
  if (parts.vault.status().state === 'open' && parts.credentials.has(id))
    return failed('name', reason('stacks.credential-exists', { id }), { field, found: id })
  const running = parts.engine.containers().find(({ compose }) => compose?.project === id)
  if (running)
    return failed('name', reason('stacks.project-exists', { id, folder: running.compose?.workingDir ?? '?' }), {
      field,
      found: id,
    })
  return item({ id: 'name', state: 'ok', field, found: id })
}

function checkVault({ vault }: StackParts): StackCheckItem {
  const { state, reason: why } = vault.status()
  if (state === 'open') return item({ id: 'vault', state: 'ok', found: '' })
  return failed('vault', why ?? reason('vault.locked'))
}

async function checkFolders({ folder, folders, sharedModels }: StackPlan): Promise<StackCheckItem> {
  const places = [
    { field: 'folder', at: folder },
    { field: 'modelsFolder', at: folders.models },
    { field: 'outputsFolder', at: folders.outputs },
    { field: 'cacheFolder', at: folders.cache },
  ] as const
  for (const { field, at } of places) {
    const one = await tried('folder', { field, found: at }, async () => {
      await checkWritable(at)
      return item({ id: 'folder', state: 'ok', field, found: at })
    })
    if (one.state !== 'ok') return one
  }
  const shared = sharedModels === null ? null : await checkSharedModels(sharedModels)
  if (shared?.state === 'failed') return shared
  return item({ id: 'folder', state: 'ok', field: 'folder', found: folder })
}

async function checkPort(port: number, known: PortHolder): Promise<StackCheckItem> {
  const [field, found] = ['port', `127.0.0.1:${port}`] as const
  const by = await holderOf(port, known)
  if (by === null) return item({ id: 'port', state: 'ok', field, found })
  const free = await firstFree(Math.min(port + 1, 65_535), known)
  return failed('port', reason('stacks.port-taken', { port, by, free }), { field, found })
}

const missingModels = async (template: StackTemplate, folder: string) => {
  const kinds = await Promise.all(template.models.map((file) => kindAt(path.join(folder, file))))
  return template.models.filter((_, index) => kinds[index] !== 'file')
}

async function checkModels(template: StackTemplate, folder: string): Promise<StackCheckItem> {
  const missing = await missingModels(template, folder)
  const found = `${template.models.length - missing.length}/${template.models.length}`
  const field = 'modelsFolder'
  if (missing.length === 0) return item({ id: 'models', state: 'ok', field, found })
  return warning('models', reason('stacks.models-missing', { folder, files: missing.join(', ') }), { field, found })
}

async function checkSpace(template: StackTemplate, folder: string): Promise<StackCheckItem> {
  const { bavail, bsize } = await statfs(await nearestFolder(folder))
  const free = Math.floor((bavail * bsize) / gib)
  const [field, found] = ['modelsFolder', `${free} GiB`] as const
  const missing = await missingModels(template, folder)
  if (missing.length === 0 || free >= template.modelsGiB) return item({ id: 'space', state: 'ok', field, found })
  return warning('space', reason('stacks.little-space', { folder, free, needed: template.modelsGiB }), { field, found })
}

/** The image's room is Docker's own, and mostly on another disk than the models. */
async function checkImageSpace({ engine }: StackParts, template: StackTemplate): Promise<StackCheckItem> {
  const { state, freeGiB, reason: why } = await lookAtBuildRoom(engine, template.imageGiB)
  const found = freeGiB === null ? '' : `${freeGiB} GiB`
  if (why === null) return item({ id: 'image-space', state: 'ok', found })
  return state === 'no-room' ? failed('image-space', why, { found }) : warning('image-space', why, { found })
}

const withPresence = (paths: readonly string[]) =>
  Promise.all(paths.map(async (file) => ({ path: file, exists: (await kindAt(file)) !== 'nothing' })))

function checkFiles(folder: string, files: StackCheck['files']): StackCheckItem {
  const there = files.filter(({ exists }) => exists).map(({ path: file }) => path.relative(folder, file))
  if (there.length === 0) return item({ id: 'files', state: 'ok', field: 'folder', found: folder })
  const why = reason('stacks.conflict', { folder, files: there.join(', ') })
  return failed('files', why, { field: 'folder', found: there.join(', ') })
}

/** Looks at everything that a deployment depends on, and changes nothing. */
export async function checkStack(
  parts: StackParts,
  template: StackTemplate,
  answers: StackAnswers,
): Promise<StackCheck & { plan: StackPlan | null }> {
  const status = parts.engine.status()
  const card = cardOf(await parts.gpus.report(), answers.gpuUuid)
  const choice = chooseTorch(template.torch, card, driverSystemOf(readMachine()))
  const items = [
    checkEngine(status),
    await tried('compose', {}, () => checkCompose(parts)),
    await checkGpu(parts, answers.gpuUuid),
    checkTorch(template, card, choice),
    checkName(parts, answers.serviceId),
    checkVault(parts),
    await checkPort(answers.port, portHolder(parts)),
  ]
  let plan: StackPlan
  try {
    plan = planStack(template, answers, {
      platform: process.platform,
      runAs: runAsOf(status.info),
      torchBuild: torchFolder('refused' in choice ? null : choice.build),
      memoryGiB: memoryLimitGiB(status.info?.memoryBytes ?? null, template.modelsAtOnceGiB),
    })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const all = [...items, failed('folder', error.reason, { field: fieldOfPath(answers, error.params['path']) })]
    return { ready: false, items: all, files: [], folders: [], plan: null }
  }
  const { folder, folders } = plan
  const files = await withPresence([...plan.files, ...secretFiles(template)].map((name) => path.join(folder, name)))
  items.push(
    await checkFolders(plan),
    checkFiles(folder, files),
    await checkModels(template, folders.models),
    await checkSpace(template, folders.models),
    ...checkMemory(template, status.info?.memoryBytes ?? null),
    // Without an engine there is one reason to tell, not two.
    ...(status.state === 'connected' ? [await tried('image-space', {}, () => checkImageSpace(parts, template))] : []),
  )
  return {
    ready: items.every(({ state }) => state !== 'failed'),
    items,
    files,
    folders: await withPresence([...new Set([folders.models, folders.outputs, folders.cache, ...folders.own])]),
    plan,
  }
}

/** The answer that holds a path; the stack's own folder when none does. */
function fieldOfPath(answers: StackAnswers, file: string | number | undefined) {
  for (const field of ['modelsFolder', 'outputsFolder', 'cacheFolder', 'sharedModelsFolder'] as const)
    if (answers[field] !== undefined && answers[field] === file) return field
  return 'folder' as const
}
