import type { Requirement, ServiceKind, RuntimeKind } from '../../shared/contract'

/** A file that a service may read its secret from, and what its owner says that a change there needs. */
export interface ChangedFile {
  path: string
  requires: Requirement
}

/** How changed files take effect on a service, and why in that way. */
export type Effect =
  | { action: 'restart'; why: 'start' }
  /** `mounted`: the container sees the file itself. */
  | { action: 'restart'; why: 'mounted'; path: string }
  /** `environment`: fixed when the container was made; `named`: the owner of the file asks for it. */
  | { action: 'recreate'; why: 'environment' | 'named'; path: string }

/** What the vault's rotation needs of the services: who uses a credential, and how to make a change take effect. */
export interface ServiceControl {
  usersOf(
    credentialId: string,
  ): { id: string; kind: ServiceKind; runtime: RuntimeKind; url: string; running: boolean }[]
  /**
   * Makes sure, before anything is changed, that changes of these files can be made to take effect on a running
   * service. Throws a Problem that says what is in the way.
   */
  prepare(serviceId: string, files: readonly ChangedFile[]): Promise<void>
  /** How a change of these files takes effect; asked once they are written. */
  effectOf(serviceId: string, files: readonly ChangedFile[]): Promise<Effect>
  /** How a file must be written: in place where a container mounts the file by itself. */
  writeMode(path: string): Promise<'replace' | 'in-place'>
  /**
   * Restarts a service and resolves when it listens again. Throws a Problem with the reason when it does not.
   * A service that somebody else runs (`external`) cannot be restarted: throws a Problem that says so.
   */
  restart(serviceId: string, signal: AbortSignal): Promise<void>
  /** The same, with a container made anew: only that brings a changed environment. */
  recreate(serviceId: string, signal: AbortSignal): Promise<void>
  /** Climbs the health ladder again, so that the new state is shown. */
  refresh(serviceId: string): Promise<void>
}
