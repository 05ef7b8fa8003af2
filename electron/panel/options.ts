import type { GoldenPatience } from '../golden'
import type { PanelEvent } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import type { Wire } from '../alerts/channels/wire'
import type { DesktopActions } from '../api/context'
import type { OwnAddress } from '../exposure'
import type { Stages } from '../gateway'
import type { SleepClock } from '../sleeping/clock'
import type { ReleaseInstaller } from '../releases'
import type { ConfigStore } from '../storage/config'
import type { Patience } from '../updates/parts'
import type { KeyKeeper } from '../vault/keepers'
import type { Programs } from './programs'

export interface PanelOptions {
  /** How long golden checks wait, where that is not usual. */
  goldenPatience?: GoldenPatience
  /** Absolute path of an existing folder. */
  dataFolder: string
  /** Started to try things out; shown as such. */
  demo: boolean
  /** Begin with the two simulated services when the configuration has never held any service. */
  simulators: boolean
  config: ConfigStore
  /** Who keeps the vault's key; null asks for a passphrase. */
  keeper: KeyKeeper | null
  /** What happened before the panel was built and must be told. */
  notices: Reason[]
  programs: Programs
  desktop: DesktopActions | null
  /** What a person types to start this panel again, where the system runs it as a service. */
  restartCommand?: string | null
  /** Origins under which others reach it, from the command line; more are added in the settings. */
  publicOrigins?: readonly string[]
  /** Reverse proxies that are believed where a request comes from, from the command line; more are added in the settings. */
  trustedProxies?: readonly string[]
  /** Where this panel's own page is served, e.g. `http://127.0.0.1:8090/`; null while it is not. */
  ownUrl?: () => string | null
  /** The addresses of this machine that exposure tests ask from, in place of all of them. */
  exposureAddresses?: () => OwnAddress[]
  /** How long updates of stacks wait, in place of the usual. */
  updatePatience?: Partial<Patience>
  /** The gateway's stages in place of its own, made of these; for tests. */
  gatewayStages?: (own: Stages) => Stages
  /** Names and authorities for alerts that are sent, in place of the system's; for tests. */
  alertsWire?: Wire
  /** What installs new versions of Regie, where that can be done; and, for tests, the key in place of the build's own. */
  releases?: { installer: ReleaseInstaller | null; key?: string | null }
  /** What services sleep by, in place of the machine's clocks; for tests. */
  sleepClock?: SleepClock
  /** Told of everything that the pages are told of. */
  onEvent?: (event: PanelEvent) => void
}
