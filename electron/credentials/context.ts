import type { Credential, PanelEvent, ServiceKind } from '../../shared/contract'
import type { Sessions, Surface } from '../kinds/backend'
import type { LookIntoContainer, ServiceControl } from './control'
import type { Audit } from '../audit/audit'
import type { Book } from '../vault/book'
import type { SinkChanges } from './changes'
import type { Hasher } from './hasher'
import type { ThroughGateway } from './proof'
import type { CredentialRecord } from './record'
import type { Redactor } from '../vault/redactor'
import type { WriteMode } from './sinks/sinks'

/** What the parts of this room share, and what rotations need of it. */
export interface CredentialsContext {
  /** The open vault; throws `vault.locked` or whatever keeps it closed. */
  book: () => Book<CredentialRecord>
  /** Folder of Regie's own files, in which no sink may lie directly. */
  dataRoot: string
  hasher: Hasher
  audit: Audit
  redactor: Redactor
  usersOf: ServiceControl['usersOf']
  surfacesOf: (kind: ServiceKind) => readonly Surface[]
  /** Null where browser sessions are nobody's concern. */
  sessionsOf: ((kind: ServiceKind) => Sessions) | null
  /** How a proof asks services through their gateway as well. */
  throughGateway: ThroughGateway
  /** Looks into the container behind a service. */
  look: LookIntoContainer
  /** What each sink held when it was last looked at. */
  changes: SinkChanges
  writeMode: (path: string) => WriteMode | Promise<WriteMode>
  publish: (event: PanelEvent) => void
  now: () => number
  /** One change of sinks and records at a time: several credentials may stand in one .env file. */
  exclusively: <T>(work: () => Promise<T>) => Promise<T>
  /** Credentials in rotation, and which of their two secrets opens the services at the moment. */
  rotating: Map<string, 'current' | 'pending'>
  /** Credentials whose last look at a live service found the vault's secret refused. */
  refused: Set<string>
  /** A credential without its secrets, with the present state of its sinks. */
  describe(record: CredentialRecord): Promise<Credential>
  /** Tells the pages how a credential stands now. */
  announce(id: string): Promise<void>
}
