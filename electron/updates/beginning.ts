import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { ServiceConfig, Update, UpdateOffer, UpdateOrder } from '../../shared/contract'
import { Problem, reason } from '../../shared/problems'
import { contextOf } from '../credentials'
import { recordOf } from '../credentials/credentials'
import { kindAt } from '../stacks/files'
import { textFingerprint } from '../stacks/manifest'
import { updateTags } from './images'
import type { UpdateFacts } from './journal'
import { offerUpdate, type Former, type Offered } from './offer'
import { newUpdate } from './record'
import { asThrown } from './run-parts'
import { runUpdate } from './run'
import { filesToWrite, printIn } from './snapshot'
import type { StackOfService } from './stack'
import type { Stage } from './stage'

export const goesOn = ({ state }: Update): boolean => state === 'running' || state === 'rolling-back'

/** What earlier updates of a service's stack, the newest first, say to the next one. */
export function formerOf(own: readonly Update[]): Former {
  const done = own.filter(({ state }) => state === 'switched' || state === 'kept')
  const last = done.at(0)
  return {
    running: own.find(goesOn) ?? null,
    undecided: own.find(({ state }) => state === 'switched' || state === 'failed') ?? null,
    expectedMs: last && last.finishedAt !== null ? last.finishedAt - last.startedAt : null,
    lastUndo: own.find(({ lastUndo }) => lastUndo !== null)?.lastUndo ?? null,
  }
}

/** Throws where the order does not fit the offer: another version, a file without an answer, a card too small. */
function checkOrder(offer: UpdateOffer, order: UpdateOrder): { mustStopOld: boolean } {
  if (offer.to !== order.to) throw new Problem('updates.offer-changed', { to: order.to, offered: offer.to ?? '–' })
  const undecided = offer.files.filter((file) => file.isChanged && order.files[file.path] === undefined)
  if (undecided.length > 0)
    throw new Problem('updates.files-undecided', { files: undecided.map((file) => file.path).join(', ') })
  const mustStopOld = offer.gpu.holdsBoth === false
  if (mustStopOld && !order.mayStopOld)
    throw new Problem('updates.card-too-small', {
      needed: offer.gpu.neededMiB ?? 0,
      free: offer.gpu.freeMiB ?? 0,
    })
  // Where nobody can tell whether the card holds both, the order's word is taken.
  return { mustStopOld: mustStopOld || (offer.gpu.holdsBoth === null && order.mayStopOld) }
}

/** All that the way back needs, noted before anything begins. */
async function factsOf(
  { ports }: Stage,
  config: ServiceConfig,
  {
    id,
    stack,
    written,
    settings,
  }: { id: string; stack: StackOfService; written: ReadonlyMap<string, string> } & Pick<Offered, 'settings'>,
): Promise<UpdateFacts> {
  const { parts, containers } = ports
  const { folder, spec, template } = stack
  const { credentialId = '' } = config
  const seen = parts.services.get(config.id).container
  const container = seen && (await containers.inspect(seen.id))
  if (!seen || container?.state !== 'running') throw new Problem('updates.not-running', { id: config.id })
  const files = []
  for (const [name, text] of written)
    files.push({ path: name, before: await printIn(folder, name), after: textFingerprint(text) })
  const project = await parts.compose.projectName(spec)
  const kinds = await Promise.all(template.folders.map((name) => kindAt(path.join(folder, name))))
  return {
    ...{ folder, credentialId, files, settings, replaced: false, stoppedOld: false, nodes: null },
    folders: template.folders.filter((_, at) => kinds[at] === 'nothing'),
    spec: { ...spec, project },
    vaultVersion: recordOf(contextOf(parts.credentials), credentialId).version,
    besideProject: `${project}-update-${updateTags(id).short}`,
    oldImage: { id: container.imageId, name: container.imageName },
    oldContainer: seen.id,
    ...{ newImage: null, newImageName: null },
  }
}

/** Throws what is in the way of an update; else answers the stack, and whether the old version is to stand still. */
function checkOffered(serviceId: string, { offer, stack, reasons }: Offered, order: UpdateOrder) {
  if (stack && offer.state === 'up-to-date')
    throw new Problem('updates.up-to-date', { id: serviceId, version: stack.recognised.version })
  const [first] = reasons
  if (first || !stack) throw new Problem(...asThrown(first ?? reason('updates.not-a-stack', { id: serviceId })))
  return { stack, ...checkOrder(offer, order) }
}

/** How an update that is asked for begins. */
export function createBeginning(stage: Stage) {
  const { parts } = stage.ports
  return async (serviceId: string, order: UpdateOrder, who: string): Promise<Update> => {
    const config = parts.services.config(serviceId)
    const offered = await offerUpdate(parts, config, formerOf(stage.of(config)))
    const { stack, mustStopOld } = checkOffered(serviceId, offered, order)
    const id = randomUUID()
    const claim = stage.claim(serviceId)
    try {
      const written = filesToWrite(stack, order)
      const facts = await factsOf(stage, config, { id, stack, written, settings: offered.settings })
      const { stackId, version: from } = stack.recognised
      const { lastUndo } = offered.offer
      const versions = offered.partsOf(new Map([...stack.present, ...written]))
      const details = { update: id, from, to: order.to }
      await parts.audit.appendFirst({ who, action: 'update.started', target: serviceId, details })
      const start = { id, serviceId, stackId, from, to: order.to, startedBy: who, parts: versions, lastUndo }
      const update = newUpdate(start, Date.now())
      void stage.launch({ update, facts, config, claim, who }, (run) => runUpdate(run, { stack, written, mustStopOld }))
      return stage.get(id)
    } catch (error) {
      claim.release()
      throw error
    }
  }
}
