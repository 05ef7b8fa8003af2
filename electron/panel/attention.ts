import { AttentionList } from '../attention'
import { AttentionState, emptyState } from '../attention/memory'
import {
  backupFailedSource,
  backupIncompleteSource,
  backupOverdueSource,
  certificateSource,
  diskSource,
  doorSource,
  goldenFailedSource,
  goldenSlowerSource,
  keySource,
  leakSource,
  queueSource,
  rotationSource,
  undeliveredSource,
} from '../attention/sources'
import { openAlerts, type AlertsPart } from '../alerts'
import { problemWithoutPlaces } from '../api/without-places'
import type { BackupPart } from '../backup'
import type { Cards } from '../cards'
import { contextOf } from '../credentials'
import type { ExposureTests } from '../exposure'
import type { Gateway } from '../gateway'
import type { GoldenPart } from '../golden'
import type { LeakScans } from '../leaks'
import type { Rotations } from '../rotation/rotation'
import type { RotationPolicies } from '../rotation/policy'
import type { Services } from '../services'
import type { Updates } from '../updates/updates'
import type { About } from '../../shared/contract'
import { openKept } from '../storage/kept-file'
import type { Base } from './base'
import { buildGolden, type ForGolden } from './golden'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'

interface Watched extends ForGolden {
  services: Services
  policies: RotationPolicies
  rotations: Rotations
  updates: Updates
  leaks: LeakScans
  exposure: ExposureTests
  gateway: Gateway
  cards: Cards
  backups: BackupPart
  notices: () => About['notices']
}

function sourcesOf(
  { paths }: Base,
  { authority, people, credentials }: Secrets,
  { rotations, leaks, exposure, gateway, cards, backups }: Watched,
  golden: GoldenPart,
) {
  const idsOf = () => (credentials.isOpen() ? contextOf(credentials).book().all() : null)
  return [
    diskSource(paths.root),
    backupFailedSource(() => backups.standing()),
    backupIncompleteSource(() => backups.standing()),
    backupOverdueSource(() => backups.standing()),
    goldenFailedSource(() => golden.standing()),
    goldenSlowerSource(() => golden.standing()),
    queueSource(() => cards.waiting()),
    rotationSource({ last: () => idsOf()?.flatMap(({ id }) => rotations.last(id) ?? []) ?? null }),
    leakSource(() => leaks.last()),
    doorSource(() => exposure.list()),
    certificateSource({ listeners: () => gateway.read().listeners, authority: () => authority.status() }),
    keySource({
      keys: () => (people.isReadable() ? people.keys(null) : null),
      nameOf: (account) => people.account(account)?.name ?? account,
    }),
  ]
}

/** What needs a person, and who is told of it beside the panel. */
export async function buildAttention(base: Base, secrets: Secrets, machine: WatchedMachine, watched: Watched) {
  const { options, paths, redact, publish, listen, reportBug, closing } = base
  const { audit, credentials, vault } = secrets
  const late: { alerts: AlertsPart | null } = { alerts: null }
  const golden = buildGolden(base, secrets, machine, watched, () => late.alerts?.limits() ?? {})
  const kept = await openKept(paths.attention, AttentionState, emptyState)
  const attention = closing.keep(
    new AttentionList({
      ...{ services: watched.services, policies: watched.policies, updates: watched.updates, notices: watched.notices },
      ...{ vault, credentials, engine: machine.engine, onGpus: machine.onGpus, publish, listen, reportBug },
      ...{ kept, audit },
      sources: [...sourcesOf(base, secrets, watched, golden), undeliveredSource(() => late.alerts?.failing() ?? [])],
      limits: () => late.alerts?.limits() ?? {},
    }),
  )
  const alerts = closing.keep(
    await openAlerts({
      ...{ settingsFile: paths.alerts, stateFile: paths.alertsState, hasDesktop: options.desktop !== null },
      ...{ audit, credentials, publish, listen, redact, reportBug },
      onLook: attention.onLook,
      lookAgain: () => attention.lookAgain(),
      withoutPlaces: problemWithoutPlaces,
      ...(options.alertsWire && { wire: options.alertsWire }),
    }),
  )
  late.alerts = alerts
  return { attention, alerts, golden }
}
