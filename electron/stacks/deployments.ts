import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { Deployment, DeploymentStep, StackOrder } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { checkDeployment } from './deploy'
import { Deploying } from './deploying'
import type { StackParts } from './parts'
import { templateOf } from './templates'

/** Deployments that are remembered after they ended. */
const remembered = 20

const stepIds: DeploymentStep['id'][] = ['check', 'files', 'settings', 'credential', 'service', 'start']

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
  const entries = new Map<string, Deploying>()
  const claims = new Set<string>()

  const of = (id: string): Deploying => {
    const entry = entries.get(id)
    if (!entry) throw new Problem('stacks.deployment-not-found', { id })
    return entry
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
        const deploying = new Deploying(parts, newDeployment(order, plan.folder, found))
        const { deployment } = deploying
        entries.set(deployment.id, deploying)
        deploying.begin({ template, order, plan, who })
        return { deployment, ended: deploying.ended.then(() => deploying.deployment) }
      } finally {
        for (const one of claimed) claims.delete(one)
      }
    },

    deployment: (id) => of(id).deployment,

    undo: async (id) => of(id).undo(),

    async close() {
      // A service that is being started is whole already, and stays.
      const incomplete = [...entries.values()].filter(({ isWhole }) => !isWhole)
      for (const one of incomplete) one.abort()
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
