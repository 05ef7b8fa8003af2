import { Problem } from '../../shared/problems'
import type { ServiceControl } from '../credentials/control'
import { pause } from '../async/pause'
import type { CredentialsContext } from '../credentials/context'
import type { BegunRotation } from './journal'

/** A program whose panel was killed is ended by its guardian; that may take so long, in ms. */
const endingMs = 15_000
const lookMs = 500

interface Ports {
  context: Pick<CredentialsContext, 'usersOf'>
  control: Pick<ServiceControl, 'standing' | 'restart'>
  reportError: (error: unknown) => void
}

/** Whether what runs it ends with the panel that was killed. */
const diesWithPanel = ({ runtime }: { runtime: string }) => runtime === 'process' || runtime === 'simulator'

/**
 * Starts the services again that ran when a rotation began and died with the panel that was killed in it: call it once
 * the rotation is completed or rolled back, so that they read the secret that is in force. One that lives on is left
 * alone. Never rejects; a start that fails stands in the service's health.
 */
export async function startAgain(
  { context, control, reportError }: Ports,
  { credentialId, services = [] }: Pick<BegunRotation, 'credentialId' | 'services'>,
  signal: AbortSignal,
): Promise<void> {
  const died = context.usersOf(credentialId).filter((user) => services.includes(user.id) && diesWithPanel(user))
  await Promise.all(died.map(({ id }) => startOne({ control, reportError }, id, signal)))
}

async function startOne({ control, reportError }: Omit<Ports, 'context'>, id: string, signal: AbortSignal) {
  const end = performance.now() + endingMs
  try {
    while (!signal.aborted && performance.now() < end) {
      if ((await control.standing(id)) === 'stopped') {
        await control.restart(id, signal)
        return
      }
      await pause(lookMs, signal)
    }
  } catch (error) {
    if (!(error instanceof Problem) && !signal.aborted) reportError(error)
  }
}
