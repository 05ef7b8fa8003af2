import os from 'node:os'
import path from 'node:path'
import type { AdoptOrder, Service, Stack, StackAnswers, StackCheck } from '../../shared/contract'
import { adoptProject } from './adopt'
import { createDeployments, type Deployments } from './deployments'
import { readMachine } from '../system/machine'
import { driverSystemOf, stackCards } from './cards'
import { kindAt } from './files'
import { manifestName } from './manifest'
import type { StackParts } from './parts'
import { firstFree } from './ports'
import { checkStack, portHolder } from './preflight'
import { templateOf, templates } from './templates'

export interface Stacks extends Deployments {
  list(): Promise<Stack[]>
  /** Looks whether the answers would do, and changes nothing. */
  check(answers: StackAnswers): Promise<StackCheck>
  adopt(order: AdoptOrder, who: string): Promise<Service[]>
}

/** The ready-made stacks, and what is being made of them. */
export function createStacks(parts: StackParts): Stacks {
  return {
    ...createDeployments(parts),

    async list() {
      const held = portHolder(parts)
      const taken = new Set(parts.services.list().map(({ id }) => id))
      const report = await parts.gpus.report()
      const system = driverSystemOf(readMachine())
      return Promise.all(
        templates.map(async (template) => {
          const { id, kind, version, files, models, modelsGiB, imageGiB, usualPort } = template
          const { isUnmaintained, sharesModels, offersManager } = template
          const { serviceId, folder } = await freeNames(id, taken)
          const port = await firstFree(usualPort, held)
          const suggested = { serviceId, folder, port }
          return {
            ...{ id, kind, version, isUnmaintained, sharesModels, offersManager, modelsGiB, imageGiB, suggested },
            files: [...files, manifestName, '.env'],
            models: [...models],
            cards: stackCards(template, report, system),
          }
        }),
      )
    },

    async check(answers) {
      const { ready, items, files, folders } = await checkStack(parts, templateOf(answers.stackId), answers)
      return { ready, items, files, folders }
    },

    adopt: (order, who) => adoptProject(parts, order, who),
  }
}

/** A name that no service has, and a folder of that name that is not there. */
async function freeNames(base: string, taken: ReadonlySet<string>) {
  for (let count = 1; ; count += 1) {
    const serviceId = count === 1 ? base : `${base}-${count}`
    const folder = path.join(os.homedir(), 'regie', serviceId)
    if (!taken.has(serviceId) && (await kindAt(folder)) === 'nothing') return { serviceId, folder }
  }
}
