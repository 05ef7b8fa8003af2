import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ServiceConfig, Update, UpdateOffer, UpdateOrder } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { contextOf } from '../credentials'
import { recordOf } from '../credentials/credentials'
import { kindAt } from '../stacks/files'
import { textFingerprint } from '../stacks/manifest'
import { fileErrorCode } from '../storage/files'
import { createContainers } from './containers'
import { createImages, updateTags } from './images'
import { openUpdateJournal, type UpdateFacts } from './journal'
import { dropWayBack } from './keeping'
import { offerUpdate, type Former, type Offered } from './offer'
import { usualPatience, type UpdateParts } from './parts'
import { createRecovery } from './recovery'
import { newUpdate, type UpdateStart } from './record'
import { asThrown, placesOf } from './run-parts'
import { runUpdate } from './run'
import { filesToWrite, printIn } from './snapshot'
import type { StackOfService } from './stack'
import { Stage } from './stage'

/** Updates of the stacks that services live in, each with its way back. One of a service at a time. */
export interface Updates {
  /** What an update of a service would do now; changes and fetches nothing. */
  offer(serviceId: string): Promise<UpdateOffer>
  /** Begins one, and answers it as it begins. Throws a Problem, and changes nothing, where something is in the way. */
  begin(serviceId: string, order: UpdateOrder, who: string): Promise<Update>
  /** The newest first. */
  list(): Update[]
  /** Throws `updates.not-found`. */
  get(id: string): Update
  /**
   * Cancels one that goes on, or undoes one that has switched; resolves when the old version answers. Throws
   * `updates.cannot-undo`, `updates.image-gone`, and `updates.not-back` where it could not be brought back.
   */
  rollBack(id: string, who: string): Promise<Update>
  /** Keeps the new version for good and drops the way back. Throws `updates.cannot-keep`. */
  keep(id: string, who: string): Promise<Update>
  /** The test image of one version, as a PNG. Throws `updates.not-found`. */
  picture(id: string, of: 'old' | 'new'): Promise<Buffer<ArrayBuffer>>
  /** What is to be told of updates that were cut off and cannot go on yet. */
  notices(): Reason[]
  /** Rolls back what runs, as far as it has not switched, and waits for that. */
  close(): Promise<void>
}

const isOpen = ({ state }: Update) => state === 'running' || state === 'rolling-back'

/** What earlier updates of a service say to the next one. */
function formerOf(all: readonly Update[], serviceId: string): Former {
  const own = all.filter((update) => update.serviceId === serviceId)
  const done = own.filter(({ state }) => state === 'switched' || state === 'kept')
  const last = done.at(0)
  return {
    running: own.find(isOpen) ?? null,
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

/** Opens the journal, and goes on with what an earlier run of the panel left in the middle. */
export async function openUpdates(parts: UpdateParts): Promise<Updates> {
  const journal = await openUpdateJournal(parts.journalFile)
  const patience = { ...usualPatience, ...parts.patience }
  const images = createImages(parts.engine)
  const containers = createContainers(parts.engine, parts.redact)
  const stage = new Stage({ parts, patience, images, containers, journal })
  const recovery = createRecovery(stage)
  const { get, list } = stage

  /** All that the way back needs, noted before anything begins. */
  const factsOf = async (
    config: ServiceConfig,
    stack: StackOfService,
    { id, written, settings }: { id: string; written: ReadonlyMap<string, string> } & Pick<Offered, 'settings'>,
  ): Promise<UpdateFacts> => {
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
    const folders = template.folders.filter((_, at) => kinds[at] === 'nothing')
    return {
      ...{ folder, credentialId, files, replaced: false, stoppedOld: false, nodes: null },
      spec: { ...spec, project },
      vaultVersion: recordOf(contextOf(parts.credentials), credentialId).version,
      besideProject: `${project}-update-${updateTags(id).short}`,
      oldImage: { id: container.imageId, name: seen.image },
      oldContainer: seen.id,
      ...{ newImage: null, newImageName: null },
      ...{ settings, folders },
    }
  }

  return {
    async offer(serviceId) {
      return (await offerUpdate(parts, parts.services.config(serviceId), formerOf(list(), serviceId))).offer
    },

    async begin(serviceId, order, who) {
      const config = parts.services.config(serviceId)
      const { offer, stack, reasons, settings } = await offerUpdate(parts, config, formerOf(list(), serviceId))
      if (stack && offer.state === 'up-to-date')
        throw new Problem('updates.up-to-date', { id: serviceId, version: stack.recognised.version })
      const [first] = reasons
      if (first || !stack) throw new Problem(...asThrown(first ?? reason('updates.not-a-stack', { id: serviceId })))
      const { mustStopOld } = checkOrder(offer, order)
      const id = randomUUID()
      const claim = stage.claim(serviceId)
      try {
        const written = filesToWrite(stack, order)
        const facts = await factsOf(config, stack, { id, written, settings })
        const start: UpdateStart = {
          ...{ id, serviceId, stackId: stack.recognised.stackId, from: stack.recognised.version, to: order.to },
          ...{ startedBy: who, parts: offer.parts, lastUndo: offer.lastUndo },
        }
        const details = { update: id, from: start.from, to: start.to }
        await parts.audit.appendFirst({ who, action: 'update.started', target: serviceId, details })
        const update = newUpdate(start, Date.now())
        void stage.launch({ update, facts, config, claim, who }, (run) =>
          runUpdate(run, { stack, written, mustStopOld }),
        )
        return get(id)
      } catch (error) {
        claim.release()
        throw error
      }
    },

    list,
    get,

    async rollBack(id, who) {
      const update = get(id)
      if (isOpen(update)) {
        await stage.abort(id)
        const ended = get(id)
        // It was proven at that moment: then it is undone as one that has switched.
        if (ended.state !== 'switched') return throwIfNotBack(ended)
      } else if (update.state !== 'switched' && update.state !== 'failed') throw new Problem('updates.cannot-undo')
      return throwIfNotBack(await recovery.undo(id, who))
    },

    async keep(id, who) {
      const update = get(id)
      if (update.state !== 'switched') throw new Problem('updates.cannot-keep')
      return dropWayBack(stage, id, who)
    },

    async picture(id, of) {
      get(id)
      try {
        return await readFile(placesOf(parts.filesFolder, id).picture(of))
      } catch (error) {
        if (fileErrorCode(error) !== 'ENOENT') throw error
        throw new Problem('updates.not-found', { id: `${id}/${of}` })
      }
    },

    notices: () => recovery.notices(),
    async close() {
      recovery.close()
      await stage.close()
    },
  }
}

function throwIfNotBack(update: Update): Update {
  if (update.state !== 'failed') return update
  throw new Problem('updates.not-back', { id: update.serviceId, cause: update.notBack?.message ?? '' })
}
