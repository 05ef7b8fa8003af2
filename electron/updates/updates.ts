import { readFile } from 'node:fs/promises'
import type { Update, UpdateOffer, UpdateOrder } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import { createSerial } from '../async/serial'
import { fileErrorCode } from '../storage/files'
import { createBeginning, formerOf, goesOn } from './beginning'
import { createContainers } from './containers'
import { createImages } from './images'
import { openUpdateJournal } from './journal'
import { dropWayBack } from './keeping'
import { offerUpdate } from './offer'
import { usualPatience, type UpdateParts } from './parts'
import { createRecovery } from './recovery'
import { placesOf } from './run-parts'
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

/** Opens the journal, and goes on with what an earlier run of the panel left in the middle. */
export async function openUpdates(parts: UpdateParts): Promise<Updates> {
  const journal = await openUpdateJournal(parts.journalFile)
  const patience = { ...usualPatience, ...parts.patience }
  const images = createImages(parts.engine)
  const containers = createContainers(parts.engine, parts.redact)
  const stage = new Stage({ parts, patience, images, containers, journal, inTurn: createSerial() })
  const recovery = createRecovery(stage)
  const { get, list } = stage

  return {
    async offer(serviceId) {
      const config = parts.services.config(serviceId)
      return (await offerUpdate(parts, config, formerOf(stage.of(config)))).offer
    },

    begin: createBeginning(stage),
    list,
    get,

    async rollBack(id, who) {
      const update = get(id)
      if (goesOn(update)) {
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
