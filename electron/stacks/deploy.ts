import path from 'node:path'
import type { DeploymentStep, StackOrder } from '../../shared/contract'
import { isProblemId, Problem, reason } from '../../shared/problems'
import { onAbort } from '../async/abort'
import { makeFolder, readable, readTemplate, removeFile, removeIfEmpty, writeNew } from './files'
import { manifestName, manifestText } from './manifest'
import type { StackParts } from './parts'
import { credentialOf, secretFiles, type StackPlan } from './plan'
import { checkStack } from './preflight'
import type { StackTemplate } from './templates'
import { envText, withoutGpu } from './texts'
import type { Undoing } from './undo'

/** Secrets and who may read them are the owner's alone. */
const ownerOnly = 0o600

export interface Work {
  parts: StackParts
  template: StackTemplate
  order: StackOrder
  plan: StackPlan
  who: string
  undoing: Undoing
  signal: AbortSignal
  /** Told as each step begins and ends. */
  onStep(id: DeploymentStep['id'], state: DeploymentStep['state'], detail?: string): void
}

/** Looks at everything before anything is made. Throws the Problem of the first thing that is in the way. */
export async function checkDeployment(
  parts: StackParts,
  template: StackTemplate,
  order: StackOrder,
): Promise<{ plan: StackPlan; found: string }> {
  const { items, plan } = await checkStack(parts, template, order)
  const refused = items.find(({ state }) => state === 'failed')?.reason
  if (refused)
    throw isProblemId(refused.problem)
      ? new Problem(refused.problem, refused.params)
      : new Problem(reason('stacks.no-engine').problem)
  if (!plan) throw new Error('a plan that could not be made was not refused')
  const said = items.filter(({ id }) => id === 'engine' || id === 'compose').map(({ found }) => found)
  return { plan, found: said.join(', ') }
}

async function addFolder(undoing: Undoing, folder: string): Promise<void> {
  const made = await makeFolder(folder)
  for (const one of made) undoing.made(one, async () => ((await removeIfEmpty(one)) ? [] : [one]))
}

async function addFile({ undoing }: Work, file: string, text: string, mode: number): Promise<void> {
  await writeNew(file, text, mode)
  undoing.made(file, async () => ((await removeFile(file)) ? [] : [file]))
}

/** Makes the folders and copies the stack into its own. */
async function copy(work: Work, plan: StackPlan): Promise<string> {
  const { parts, template, undoing } = work
  await addFolder(undoing, plan.folder)
  const { models, outputs, cache, own } = plan.folders
  for (const folder of [models, outputs, cache, ...own]) await addFolder(undoing, folder)
  const texts = new Map<string, string>()
  for (const name of template.files) {
    const text = await readTemplate(parts.templates, template.id, name)
    texts.set(name, name === 'compose.yaml' && !plan.withGpu ? withoutGpu(text, template.id) : text)
  }
  texts.set(manifestName, manifestText(template, texts))
  for (const [name, text] of texts) await addFile(work, path.join(plan.folder, name), text, readable)
  return plan.folder
}

/** Writes the `.env`; secrets come later, from the vault. */
async function writeSettings(work: Work, plan: StackPlan): Promise<string> {
  const example = await readTemplate(work.parts.templates, work.template.id, '.env.example')
  const file = path.join(plan.folder, '.env')
  await addFile(work, file, envText(example, plan.env), ownerOnly)
  return file
}

/** Makes the credential, which writes its secret where the stack reads it, and has Compose read the whole. */
async function addCredential({ parts, template, order, who, undoing }: Work, plan: StackPlan): Promise<string> {
  const { credentials, compose } = parts
  await credentials.create(credentialOf(template, order, plan.folder), who)
  for (const name of secretFiles(template)) {
    const file = path.join(plan.folder, name)
    undoing.made(file, async () => ((await removeFile(file)) ? [] : [file]))
  }
  undoing.made(order.serviceId, async () => {
    await credentials.remove(order.serviceId, who)
    return []
  })
  await compose.config(plan.spec)
  return order.serviceId
}

function addService({ parts: { services }, undoing }: Work, plan: StackPlan): string {
  const { id, url } = services.create(plan.service)
  undoing.made(id, async () => {
    await services.remove(id)
    return []
  })
  return url
}

/** Starts the service; a signal cancels the start. Resolves when it listens. */
async function start({ parts: { services }, order, undoing, signal }: Work): Promise<string> {
  const id = order.serviceId
  // What the start makes in Docker is taken away before its files are.
  undoing.made(id, async () => {
    await services.down(id)
    return []
  })
  const leave = onAbort(signal, () => void services.cancel(id).catch(() => undefined)) // it may have ended by itself
  try {
    await services.start(id)
    return ''
  } finally {
    leave()
  }
}

/**
 * Makes everything, step by step, each told. Throws the Problem of the step that failed, `stacks.cancelled` when
 * the signal aborted; what was made until then is in `undoing`.
 */
export async function runDeployment(work: Work): Promise<void> {
  const refuseIfCancelled = () => {
    if (work.signal.aborted) throw new Problem('stacks.cancelled')
  }
  const step = async (id: DeploymentStep['id'], does: () => string | Promise<string>) => {
    refuseIfCancelled()
    work.onStep(id, 'running')
    try {
      const result = await does()
      refuseIfCancelled()
      work.onStep(id, 'done', result)
    } catch (error) {
      work.onStep(id, 'failed')
      refuseIfCancelled()
      throw error
    }
  }
  const { plan } = work
  await step('files', () => copy(work, plan))
  await step('settings', () => writeSettings(work, plan))
  await step('credential', () => addCredential(work, plan))
  await step('service', () => addService(work, plan))
  if (work.order.start) await step('start', () => start(work))
  else work.onStep('start', 'skipped')
}
