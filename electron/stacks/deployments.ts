import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { Deployment, DeploymentStep, StackOrder } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { checkDeployment, runDeployment, type Work } from './deploy'
import type { StackParts } from './parts'
import { templateOf } from './templates'
import { createUndoing, type Undoing } from './undo'

/** Deployments that are remembered after they ended. */
const remembered = 20

const stepIds: DeploymentStep['id'][] = ['check', 'files', 'settings', 'credential', 'service', 'start']

interface Entry {
  deployment: Deployment
  controller: AbortController
  undoing: Undoing
  /** Resolves when it has ended and, where that was asked for, is undone. Never rejects for an expected failure. */
  ended: Promise<void>
}

/** What is being made of the stacks, and what was. */
export interface Deployments {
  /** Begins a deployment; `ended` answers it as it ended. Throws a Problem, and makes nothing, when one is in the way. */
  deploy(order: StackOrder, who: string): Promise<{ deployment: Deployment; ended: Promise<Deployment> }>
  deployment(id: string): Deployment
  /** Cancels a deployment that goes on, or takes back one that did not start. Answers when it is undone. */
  undo(id: string): Promise<Deployment>
  /** Takes back what is half made. */
  close(): Promise<void>
}

export function createDeployments(parts: StackParts): Deployments {
  const entries = new Map<string, Entry>()
  const claims = new Set<string>()

  const of = (id: string): Entry => {
    const entry = entries.get(id)
    if (!entry) throw new Problem('stacks.deployment-not-found', { id })
    return entry
  }
  const change = (id: string, part: Partial<Deployment>) => {
    const entry = of(id)
    entry.deployment = { ...entry.deployment, ...part }
    parts.publish({ type: 'deployment', deployment: entry.deployment })
  }
  const takeBack = async (id: string) => {
    change(id, { state: 'undoing' })
    const kept = innermost(await of(id).undoing.all())
    change(id, { state: 'undone', kept, finishedAt: Date.now() })
  }

  const run = async (id: string, what: Pick<Work, 'template' | 'order' | 'plan' | 'who'>) => {
    const { controller, undoing } = of(id)
    try {
      await runDeployment({
        ...what,
        parts,
        undoing,
        signal: controller.signal,
        onStep(step, state, detail) {
          const steps = of(id).deployment.steps.map((one) =>
            one.id === step ? { ...one, state, detail: detail ?? one.detail } : one,
          )
          change(id, { steps })
        },
      })
      change(id, { state: 'done', finishedAt: Date.now() })
    } catch (error) {
      if (!(error instanceof Problem)) parts.reportBug(error)
      change(id, { reason: (error instanceof Problem ? error : new Problem('stacks.failed')).reason })
      // Whatever is complete but for its start is worth keeping: the cause can be mended and the start repeated.
      if (isWhole(of(id).deployment) && !controller.signal.aborted)
        change(id, { state: 'not-started', finishedAt: Date.now() })
      else await takeBack(id)
    }
  }

  /** Takes the name and the folder for as long as the order is looked at. Throws `stacks.busy`. */
  const claim = ({ serviceId, folder }: StackOrder): string[] => {
    const wanted = [`id ${serviceId}`, `folder ${path.normalize(folder)}`]
    const goesOn = [...entries.values()].some(
      ({ deployment: { state, serviceId: id, folder: at } }) =>
        (state === 'running' || state === 'undoing') &&
        (wanted.includes(`id ${id}`) || wanted.includes(`folder ${at}`)),
    )
    if (goesOn || wanted.some((one) => claims.has(one))) throw new Problem('stacks.busy', { id: serviceId })
    for (const one of wanted) claims.add(one)
    return wanted
  }

  const forget = () => {
    const over = [...entries].filter(([, { deployment }]) => deployment.finishedAt !== null)
    for (const [id] of over.slice(0, Math.max(0, over.length - remembered))) entries.delete(id)
  }

  return {
    async deploy(order, who) {
      const template = templateOf(order.stackId)
      const claimed = claim(order)
      try {
        const { plan, found } = await checkDeployment(parts, template, order)
        forget()
        const deployment = newDeployment(order, plan.folder, found)
        const { id } = deployment
        const entry: Entry = {
          deployment,
          controller: new AbortController(),
          undoing: createUndoing((error) => parts.reportBug(error)),
          ended: Promise.resolve(),
        }
        entries.set(id, entry)
        parts.publish({ type: 'deployment', deployment })
        entry.ended = run(id, { template, order, plan, who })
        return { deployment, ended: entry.ended.then(() => entry.deployment) }
      } finally {
        for (const one of claimed) claims.delete(one)
      }
    },

    deployment: (id) => of(id).deployment,

    async undo(id) {
      const entry = of(id)
      switch (entry.deployment.state) {
        case 'running':
          entry.controller.abort()
          await entry.ended
          break
        case 'undoing':
          await entry.ended
          break
        case 'not-started':
          entry.ended = takeBack(id)
          await entry.ended
          break
        case 'done':
          throw new Problem('stacks.cannot-undo', { id: entry.deployment.serviceId })
        case 'undone':
          break
      }
      return entry.deployment
    },

    async close() {
      // A service that is being started is whole already, and stays.
      const incomplete = [...entries.values()].filter(({ deployment }) => !isWhole(deployment))
      for (const { controller } of incomplete) controller.abort()
      await Promise.all(incomplete.map(({ ended }) => ended))
    },
  }
}

const newDeployment = ({ stackId, serviceId }: StackOrder, folder: string, found: string): Deployment => ({
  id: randomUUID(),
  stackId,
  serviceId,
  folder,
  state: 'running',
  startedAt: Date.now(),
  finishedAt: null,
  steps: stepIds.map((id) =>
    id === 'check' ? { id, state: 'done', detail: found } : { id, state: 'waiting', detail: null },
  ),
  kept: [],
})

/** Whether everything is made but for the start. */
const isWhole = ({ steps }: Deployment) => steps.find(({ id }) => id === 'start')?.state !== 'waiting'

/** A folder that stays only because of something in it goes without saying. */
const innermost = (kept: readonly string[]) =>
  kept.filter((one) => !kept.some((other) => other !== one && other.startsWith(one + path.sep)))
