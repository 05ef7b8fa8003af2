import type { Requirement, ServiceKind, RuntimeKind } from '../../shared/contract'
import type { Reason } from '../../shared/problems'

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

/** How a change of files would take effect, said before any is written. Changes nothing. */
export interface Foresight {
  /** Throws a Problem where Docker is needed for it and does not answer. */
  foresee(serviceId: string, files: readonly ChangedFile[]): Promise<Effect>
  /** Why Regie can neither stop nor restart what runs there; null when it can. Looks at nothing. */
  unmanageable(serviceId: string): Reason | null
}

/** A service that uses a credential. */
export interface CredentialUser {
  id: string
  kind: ServiceKind
  runtime: RuntimeKind
  url: string
  running: boolean
  /**
   * Its program is given the secret at its start, among its arguments or in its environment: it has a new one only after a
   * restart. `only`: the credential opens other people's doors, and the service cannot be asked about it.
   */
  given?: 'too' | 'only'
}

/** Whether the credential opens the service, so that it can be asked. */
export const isOpenedBy = ({ given }: Pick<CredentialUser, 'given'>): boolean => given !== 'only'

/** How a service is prepared for its restart: whether jobs that run there may be interrupted. */
export interface PreparingHow {
  signal: AbortSignal
  interrupts: boolean
}

/** What the vault's rotation needs of the services: who uses a credential, and how to make a change take effect. */
export interface ServiceControl {
  usersOf(credentialId: string): CredentialUser[]
  /**
   * Makes sure, before anything is changed, that changes of these files can be made to take effect on a running
   * service. Throws a Problem that says what is in the way. Where `how` is given and does not interrupt, jobs that run
   * may end before it resolves; aborting the signal ends that wait.
   */
  prepare(serviceId: string, files: readonly ChangedFile[], how?: PreparingHow): Promise<void>
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
  /**
   * Whether a service runs, looked at now; `unknown` while its engine tells nothing. One that somebody else runs counts
   * as running when it answers.
   */
  standing(serviceId: string): Promise<'running' | 'stopped' | 'unknown'>
  /** Climbs the health ladder again, so that the new state is shown. */
  refresh(serviceId: string): Promise<void>
}

/** A secret as it was found somewhere: how it compares, and its fingerprint. Never its value. */
export interface FoundSecret {
  isSame: boolean
  fingerprint: string | null
  reason: Reason | null
}

/**
 * What the vault asks of the container behind a service: files and keys of environment files, on this machine. The
 * functions are given what the container has, and let only fingerprints out.
 */
export interface ContainerQuestion {
  files: readonly { id: string; path: string; compare: (bytes: Buffer) => FoundSecret }[]
  keys: readonly { id: string; path: string; key: string; compare: (value: string) => FoundSecret }[]
}

/** What a container has of what was asked for; what it does not mount, and is not made with, is left out. */
export interface ContainerPlace {
  /** As in the question. */
  id: string
  kind: 'container-file' | 'container-env'
  /** Path in the container; for a variable the container's name. */
  where: string
  variable: string | null
  /** A file that is mounted by itself: the container keeps it when another takes its place outside. */
  isMountedByItself: boolean
  /** Since when the container has it: its start, for a variable its making. Unix ms. */
  since: number | null
  /** Null when nothing is there, or, with a reason, when it cannot be read. */
  found: FoundSecret | null
  reason: Reason | null
}

/** Looks into the container behind a service. Empty when it has none, or when there is no engine. Never throws. */
export type LookIntoContainer = (
  serviceId: string,
  question: ContainerQuestion,
  signal: AbortSignal,
) => Promise<ContainerPlace[]>
