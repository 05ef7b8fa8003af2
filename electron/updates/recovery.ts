import type { Update } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { isOver, type JournalEntry } from './journal'
import { goBack, keepWayBack, type UpdateEnd } from './run'
import type { UpdateRun } from './run-parts'
import type { RunStart, Stage } from './stage'

/**
 * Takes one that was cut off to its end: what was proven stays, anything else goes back. Never throws for what the engine
 * does: that is how it ended.
 */
async function goOn(run: UpdateRun, { step }: JournalEntry): Promise<UpdateEnd> {
  const { record, parts } = run
  const { state } = record.snapshot()
  if (state === 'running' && step === 'keep') {
    try {
      record.begin('keep')
      await keepWayBack(run)
      record.end('keep', 'done')
      return 'switched'
    } catch (error) {
      if (!(error instanceof Problem)) parts.reportBug(error)
    }
  }
  if (state === 'running') {
    const cut = step ?? 'snapshot'
    record.end(cut, 'failed')
    record.failed(cut, reason('updates.interrupted'))
  }
  return goBack(run)
}

/** Undoes one that has switched, or tries again what failed. Throws before anything is touched where it cannot. */
function createUndoing(stage: Stage) {
  const { parts, images } = stage.ports
  return async (id: string, who: string): Promise<Update> => {
    const { update, facts } = stage.entry(id)
    if (!parts.credentials.isOpen()) throw new Problem('vault.locked')
    const config = parts.services.config(update.serviceId)
    if (config.compose?.file !== facts.spec.file)
      throw new Problem('updates.other-stack', { id: config.id, folder: facts.folder })
    const claim = stage.claim(update.serviceId)
    const details = { update: id, from: update.from, to: update.to }
    try {
      if (facts.replaced && !(await images.look(facts.oldImage.id))) throw new Problem('updates.image-gone')
      await parts.audit.appendFirst({ who, action: 'update.undo-started', target: update.serviceId, details })
    } catch (error) {
      claim.release()
      throw error
    }
    await stage.launch({ update: { ...update, finishedAt: null }, facts, config, claim, who }, goBack)
    return stage.get(id)
  }
}

/** Puts in order what earlier runs of the panel left in the middle, as soon as vault and engine are there. */
export function createRecovery(stage: Stage) {
  const { parts, journal } = stage.ports
  const waiting = new Map<string, { entry: JournalEntry; start: RunStart }>()

  /** What was left: its service is kept from everybody else at once, also while this waits for the engine. */
  const take = (entry: JournalEntry) => {
    const { update, facts } = entry
    const { id, serviceId } = update
    try {
      const start = {
        update,
        facts,
        config: parts.services.config(serviceId),
        claim: stage.claim(serviceId),
        who: 'regie',
      }
      waiting.set(id, { entry, start })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      stage.changed({ ...update, state: 'failed', notBack: error.reason })
    }
  }
  const isReady = () => parts.credentials.isOpen() && parts.engine.status().state === 'connected'
  const goOnAll = () => {
    if (!isReady()) return
    for (const [id, { entry, start }] of waiting) {
      waiting.delete(id)
      void stage.launch(start, (run) => goOn(run, entry)).catch(parts.reportBug)
    }
  }
  for (const entry of journal.entries())
    if (!isOver(entry.update) && (entry.update.state === 'running' || entry.update.state === 'rolling-back'))
      take(entry)
  const stopListening = parts.listen((event) => {
    if (event.type === 'engine' || event.type === 'vault') goOnAll()
  })
  goOnAll()

  return {
    undo: createUndoing(stage),
    notices: (): Reason[] =>
      [...waiting.values()].map(({ entry }) => reason('updates.waiting', { id: entry.update.serviceId })),
    close: () => {
      stopListening()
      for (const { start } of waiting.values()) start.claim.release()
      waiting.clear()
    },
  }
}
