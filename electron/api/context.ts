import type {
  About,
  AccountId,
  GatewayService,
  GpuHistory,
  GpuHistoryQuery,
  IdleMonitor,
  PanelEvent,
  Preferences,
  Role,
  Service,
  Settings,
  SignIn,
  SignedInSession,
} from '../../shared/contract'
import type { AlertsPart } from '../alerts'
import type { BackupPart } from '../backup'
import type { AttentionList } from '../attention'
import type { Cards } from '../cards'
import type { Access, AddressBook, Owner, Presence, TrustedProxies } from '../access'
import type { ImageBackend } from '../kinds'
import type { Compose } from '../compose/program/compose'
import type { Engine } from '../docker/engine'
import type { Models } from '../models'
import type { ModelsCopies } from '../docker/models/copies'
import type { Room } from '../docker/room/room'
import type { Doctor } from '../doctor'
import type { Stats } from '../docker/stats'
import type { Shells } from '../docker/shell'
import type { Stacks } from '../stacks/stacks'
import type { Gateway } from '../gateway'
import type { GoldenPart } from '../golden'
import type { Identity } from '../identity'
import type { LoadTestPart } from '../load-test'
import type { Machines } from '../machines'
import type { FleetRoom } from '../fleet'
import type { Generations, Inputs, Presets } from '../generation'
import type { GpuMonitor, GpuProgramChoice } from '../gpu'
import type { Redact } from '../logs/cutting'
import type { Metrics } from '../metrics'
import type { Services } from '../services'
import type { Sleeping } from '../sleeping'
import type { TestConnection } from '../services/connection'
import type { PlainSecrets } from '../services/secrets/importing'
import type { ServiceContainers } from '../services/containers'
import type { ExposureTests } from '../exposure'
import type { ServiceLinter } from '../compose/lint/service-linter'
import type { Timeline } from '../timeline'
import type { Releases } from '../releases'
import type { Support } from '../support'
import type { Authority } from '../tls'
import type { Updates } from '../updates/updates'
import type { Log } from '../storage/log'
import type { Discovery } from '../discovery'
import type { Audit } from '../audit/audit'
import type { LeakScans } from '../leaks'
import type { RotationPolicies } from '../rotation/policy'
import type { Rotations } from '../rotation/rotation'
import type { Credentials } from '../credentials'
import type { CredentialRecord } from '../credentials/record'
import type { Vault } from '../vault/vault'
import type { Limits, Usage, UsageReport } from '../usage'
import type { WorkflowLibrary } from '../workflows'
import type { WorkflowIntake } from '../workflows/intake'

/** What only the desktop can do; the shell provides it. */
export interface DesktopActions {
  openFolder(folder: string): Promise<void>
  /** Asks the person for a folder or a file; null when none was chosen. */
  choosePath(kind: 'folder' | 'file', from: string | undefined): Promise<string | null>
  /** Asks in a dialog of the shell whether it is the person at this computer who asked; false when they decline. */
  confirmOwner: () => Promise<boolean>
  /** Ends Regie in order, and starts it again. */
  restart(): void
  secrets: DesktopSecrets
}

/** What guards a secret that is on this computer's screen or clipboard. */
export interface DesktopSecrets {
  /** Copies it, and clears the clipboard when its time is over or the program ends, if it still holds it. In Unix ms. */
  copy(text: string): Promise<{ clearsAt: number }>
  /** Clears the clipboard now if it still holds a copied secret. */
  clear(): Promise<void>
  /** Keeps the windows out of screenshots and recordings until `hidden`, or for a minute at most. */
  shown(): void
  hidden(): void
}

/** The parts of a running panel that procedures reach. */
export interface PanelParts {
  version: string
  dataFolder: string
  log: Log
  /** Takes the secrets that Regie knows out of a text. */
  redact: Redact
  services: Services
  /** The lines of the services, and who has which card. */
  cards: Cards
  /** Which card is meant by whom. */
  identity: Identity
  /** Secrets in clear text in the services' configuration. */
  plainSecrets: PlainSecrets
  /** Asks an address as a service would be asked, before it is saved. */
  testConnection: TestConnection
  backendOf(serviceId: string): ImageBackend
  vault: Vault<CredentialRecord>
  credentials: Credentials
  audit: Audit
  /** What needs a person. */
  attention: Pick<AttentionList, 'read' | 'resolved' | 'snooze' | 'unsnooze' | 'begin' | 'noticesChanged'>
  /** Who is told of what needs attention. */
  alerts: AlertsPart
  backups: BackupPart
  /**
   * Ends Regie and starts it again, where that can be done from here. Throws `desktop.unavailable`, and `release.busy`
   * while something is under way that its end would cut off.
   */
  restart: (who: string) => Promise<void>
  golden: Pick<GoldenPart, 'read' | 'change' | 'run' | 'cancel' | 'accept' | 'picture' | 'begin'>
  loadTests: Pick<LoadTestPart, 'list' | 'read' | 'csv' | 'plan' | 'start' | 'cancel' | 'remove' | 'begin'>
  access: Access
  /** The person at this computer. */
  owner: Owner
  rotations: Rotations
  policies: RotationPolicies
  sleeping: Sleeping
  generations: Generations
  presets: Presets
  inputs: Inputs
  /** What people use, and their limits. */
  usage: Pick<Usage, 'standing' | 'keyStanding' | 'calendar' | 'ownJobs' | 'cancelJob' | 'onCounted'> & {
    report: UsageReport
    limitsOf: (account: AccountId) => Limits
  }
  workflows: WorkflowLibrary
  workflowIntake: WorkflowIntake
  leaks: LeakScans
  gpus: GpuMonitor
  gpuProgram: GpuProgramChoice
  /** What each card did in the last 30 days. Throws `gpu.no-history`. */
  gpuHistory: {
    read(query: GpuHistoryQuery): Promise<GpuHistory>
    begin(): void
  }
  publicAddresses: AddressBook
  trustedProxies: TrustedProxies
  engine: Engine
  /** This machine, and those that are attached. */
  machines: Omit<Machines, 'close'>
  /** The Docker Swarm of those machines. */
  fleet: FleetRoom
  stats: Stats
  timeline: Timeline
  /** Certifies the gateway's listeners. */
  authority: Authority
  containers: ServiceContainers
  shells: Shells
  doctor: Doctor
  exposure: ExposureTests
  compose: Compose
  linter: ServiceLinter
  room: Room
  modelsCopies: ModelsCopies
  /** All files of models, of all services. */
  models: Models
  discovery: Discovery
  stacks: Stacks
  /** Where people reach services with keys of their own. */
  gateway: Gateway
  /** What administrators are told of the services beside their listeners. */
  gatewayServices: () => GatewayService[]
  /** Stops and removes one idle monitor. Throws a Problem where it is none, or no longer what was shown. */
  removeMonitor: (shown: IdleMonitor & { id: string; who: string }) => Promise<IdleMonitor>
  updates: Updates
  events: {
    publish(event: PanelEvent): void
    subscribe(signal?: AbortSignal, after?: number): AsyncGenerator<PanelEvent, void, undefined>
    subscriberCount(): number
  }
  /** What each account has chosen for itself. */
  preferences: {
    read(account: AccountId): Preferences
    change(account: AccountId, change: Partial<Preferences>): Preferences
  }
  settings: {
    read(account: AccountId): Settings
    change(account: AccountId, change: Partial<Settings>, who: string): Promise<Settings>
  }
  /** Whether users see the pictures of others. */
  isGalleryShared(): boolean
  about(): About
  /** What a monitor reads. */
  metrics: Pick<Metrics, 'tell' | 'tokens' | 'begin'>
  /** New versions of Regie itself. */
  releases: Pick<Releases, 'read' | 'change' | 'look' | 'download' | 'cancel' | 'install' | 'atQuit'>
  /** What helps to find a fault in Regie itself, as a file without a secret. */
  support: Support
  /** Adds the two simulated services and their credentials where they are missing. */
  addSimulators(who: string): Promise<Service[]>
  desktop: DesktopActions | null
}

/** A session that was just opened. */
export interface OpenedSession {
  role: Role
  account: AccountId
  presence: Presence
  cookie: string
  pageKey: string
}

/** Signing in and out; only the HTTP door has it. */
export interface SessionActions {
  /** Returns role and account, the cookie to set, and the half of the session that the page keeps. Throws a Problem. */
  signIn(proof: SignIn): Promise<OpenedSession>
  /** The same for an account whose person has just shown who they are. */
  open(account: AccountId): OpenedSession
  /** Ends the caller's session and returns the cookie that clears it. */
  signOut(): { cookie: string }
  /** Somebody called with this session just now. */
  noteUse(): void
  /** Everybody who is signed in, last used first. */
  list(): SignedInSession[]
  /** Ends a session by what `list` calls it. Returns what it was; throws `session.not-found`. */
  end(id: string): SignedInSession
  /** Ends every session but the caller's own. Returns what they were. */
  endOthers(): SignedInSession[]
  /** Prints a one-time code where Regie runs; false where it cannot. */
  printCode(): boolean
}

/** Who calls, and through which door. What is read of it is true at that moment: a socket outlives a session. */
export interface Caller {
  readonly door: 'desktop' | 'http'
  /** Null for somebody who has not signed in. */
  readonly role: Role | null
  /** Whose session it is; null for a stranger. At the desktop the owner's, whatever he may do just now. */
  readonly account: AccountId | null
  /** Null for a stranger. */
  readonly presence: Presence | null
  /** The key of the person that was shown in place of a session. */
  readonly keyId: string | null
  /** The same with what it is called, for those who read what was done. */
  readonly shownKey: { id: string; name: string } | null
  /** The address that the request came from; null on the desktop. */
  readonly from: string | null
  readonly session: SessionActions | null
}

/** What every procedure gets beside its input. */
export interface ApiContext {
  parts: PanelParts
  caller: Caller
  /** Whether input that no schema knows is refused: for scripts, which have no compiler. */
  strict?: boolean
  /** Headers of the answer; absent over a WebSocket. */
  resHeaders?: Headers
}
