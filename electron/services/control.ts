import type { ServiceKind, RuntimeKind } from '../../shared/contract'

/** What the vault's rotation needs of the services: who uses a credential, and how to make a change take effect. */
export interface ServiceControl {
  usersOf(
    credentialId: string,
  ): { id: string; kind: ServiceKind; runtime: RuntimeKind; url: string; running: boolean }[]
  /**
   * Restarts a service and resolves when it listens again. Throws a Problem with the reason when it does not.
   * A service that somebody else runs (`external`) cannot be restarted: throws a Problem that says so.
   */
  restart(serviceId: string, signal: AbortSignal): Promise<void>
  /** Climbs the health ladder again, so that the new state is shown. */
  refresh(serviceId: string): Promise<void>
}
