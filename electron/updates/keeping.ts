import { rm } from 'node:fs/promises'
import type { Update } from '../../shared/contract'
import { isWantedElsewhere, updateTags } from './images'
import { createUpdateRecord } from './record'
import { placesOf } from './run-parts'
import type { Stage } from './stage'

/** Keeps the new version for good: the old image and the snapshot go. Noted first, so that a crash leaves no half way back. */
export async function dropWayBack(stage: Stage, id: string, who: string): Promise<Update> {
  const { parts, journal, images } = stage.ports
  const { update, facts } = stage.entry(id)
  const { serviceId, from, to } = update
  // Of a service that is gone there is nothing to keep anybody from.
  const claim = stage.isThere(serviceId) ? stage.claim(serviceId) : null
  try {
    // Without an engine nothing could be removed: said before anything is noted.
    await parts.engine.client()
    await parts.audit.appendFirst({ who, action: 'update.kept', target: serviceId, details: { update: id, from, to } })
    const kept: Update = { ...update, state: 'kept', keptUntil: null }
    await journal.note({ at: Date.now(), step: null, update: kept, facts })
    const record = createUpdateRecord(kept, { now: Date.now, changed: (changed) => stage.changed(changed) })
    await images.dropOwn(updateTags(id).keep)
    const { oldImage, newImageName } = facts
    if (oldImage.name !== newImageName?.name && !(await isWantedElsewhere(parts, facts.spec, oldImage.name)))
      await images.dropName(oldImage.name, oldImage.id)
    await rm(placesOf(parts.filesFolder, id).old, { recursive: true, force: true })
    record.line('keep', 'keep.for-good')
    await journal.note({ at: Date.now(), step: null, update: record.snapshot(), facts })
    return record.snapshot()
  } finally {
    claim?.release()
  }
}
