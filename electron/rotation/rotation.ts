import type { PanelEvent, Rotation } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import type { Listen } from '../async/listeners'
import type { ServiceControl } from '../credentials/control'
import { recordOf } from '../credentials/credentials'
import { openJournal } from './journal'
import { createRecoveries } from './recoveries'
import { Stage } from './stage'
import { createStarting, neverKnown, type RotateRequest } from './starting'
import { contextOf, type Credentials } from '../credentials'

export interface RotationsOptions {
  credentials: Credentials
  control: ServiceControl
  /** What happens in the panel: when the vault opens, what a crash left is gone on with. */
  listen?: Listen<[PanelEvent]>
  /** Whether a channel of the alerts uses it; left out: none is. */
  isOfAlerts?: (credentialId: string) => boolean
  /** Steps are noted here before they begin, and how each rotation ended. */
  journalFile: string
  /** How long a restarted service may take until it gives a definite answer, in ms; Forge adds its API late. */
  patienceMs?: number
  /** Told of what no Problem describes; the text may go to the log. */
  reportError?: (error: unknown) => void
}

/** Rotations of credentials: one per credential at a time. */
export interface Rotations {
  /**
   * Replaces a secret and proves it. Throws `rotation.running`, a Problem for a bad secret, and, when waiting,
   * `rotation.rolled-back` or `rotation.failed`.
   */
  rotate(request: RotateRequest): Promise<Rotation>
  /** Stops the running rotation, and resolves when it has rolled back (or had already committed). */
  cancel(id: string): Promise<Rotation>
  /** The running or the last rotation; from earlier runs too. */
  last(id: string): Rotation | null
  /** The running or last rotation, then each change of it; ends with the rotation, or when the signal aborts. */
  watch(id: string, signal: AbortSignal): AsyncGenerator<Rotation, void, undefined>
  /**
   * Completes or rolls back what an earlier run left in the middle. Call it once the vault is open and the services are
   * known. The credentials concerned are locked at once; resolves when all is done, which may be when Docker is back.
   */
  recover(): Promise<Rotation[]>
  /** What is to be told of recoveries that cannot go on yet. */
  notices(): Reason[]
  /** Cancels what runs and waits until it has rolled back. */
  close(): Promise<void>
}

const defaultPatienceMs = 60_000

export async function createRotations(options: RotationsOptions): Promise<Rotations> {
  const { reportError = () => undefined, patienceMs = defaultPatienceMs, control } = options
  const { isOfAlerts = () => false } = options
  const context = contextOf(options.credentials)
  const journal = await openJournal(options.journalFile)
  const stage = new Stage({ context, control, journal, patienceMs, reportError })
  const { active, lastOf, waiting } = stage.memory
  const recoveries = createRecoveries({ context, control, journal, reportError }, stage)

  // What a crash left in the middle can only be finished with the secrets at hand.
  const stopListening = options.listen?.((event) => {
    if (event.type === 'vault' && event.vault.state === 'open') void recoveries.recover().catch(reportError)
  })

  return {
    rotate: createStarting(context, { stage, recoveries, isOfAlerts }),
    async cancel(id) {
      recordOf(context, id)
      const running = active.get(id)
      if (!running) throw new Problem('rotation.none', { id })
      if (running.isRecovery) throw new Problem('rotation.running', { id })
      running.controller.abort()
      await running.ended
      return lastOf.get(id) ?? neverKnown()
    },
    last: (id) => lastOf.get(recordOf(context, id).id) ?? null,
    watch: (id, signal) => stage.memory.watch(recordOf(context, id).id, signal),
    recover: recoveries.recover,
    notices: () => [...waiting.values()],
    async close() {
      stopListening?.()
      recoveries.close()
      for (const { controller } of active.values()) controller.abort()
      await stage.settled()
      await recoveries.settled()
    },
  }
}
