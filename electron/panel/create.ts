import { version } from '../../package.json'
import type { PanelParts } from '../api/context'
import { createPublicAddresses, createTrustedProxies } from '../access'
import { createHandler, type Handler } from '../http/handler'
import type { Services } from '../services'
import type { Reason } from '../../shared/problems'
import { publicAddresses, trustedProxies } from '../storage/config'
import { partPreferences } from '../storage/preferences'
import { describePanel } from './about'
import { buildAttention } from './attention'
import { buildCards, buildNumbers } from './cards'
import { restoredNotices } from '../backup'
import { buildBackups } from './backups'
import { openBase, type Base } from './base'
import { addSimulators } from './demo'
import { buildRoom } from './disk'
import { buildGateway } from './gateway'
import { buildGatewayServices } from './gateway-services'
import { buildGpuHistory } from './gpu-history'
import { buildLoadTests } from './load-tests'
import { watchMachine, type WatchedMachine } from './machine'
import { buildFleet } from './fleet'
import { buildMachines } from './machines'
import { buildModels } from './models'
import type { PanelOptions } from './options'
import { buildDraining } from './rotations'
import { openSecrets, type Secrets } from './secrets'
import { createSettings } from './settings'
import { buildReleases } from './releases'
import { createRestart } from './restart'
import { buildMetrics } from './metrics'
import { buildSupport } from './support'
import { trimCrashDumps } from '../support/crashes'
import { rivalsOf } from '../sleeping/monitors'
import { panelAt } from '../services/ports'
import { buildServices, type BuiltServices } from './services'
import { buildTools } from './tools'
import { buildWork } from './work'

export interface Panel {
  parts: PanelParts
  handler: Handler
  /** Notes where this panel can be reached, for a second start on the same data folder. */
  announce(address: string): void
  /** Ends every stream, service and child that the panel started, in the reverse order. */
  close(): Promise<void>
}

/** Builds every part, each on those before it, and starts them. What was started is closed where one of them fails. */
export async function createPanel(options: PanelOptions): Promise<Panel> {
  const base = await openBase(options)
  const { closing, log } = base
  try {
    partPreferences(options.config)
    const parts = await buildParts(base)
    await begin(parts, base)
    log.info({ version, dataFolder: options.dataFolder }, 'the panel has started')
    const handler = createHandler({ parts, rendererFolder: options.programs.renderer })
    return { parts, handler, announce: (address) => base.lock.announce(address), close: closing.close }
  } catch (error) {
    await closing.close()
    throw error
  }
}

/** The addresses under which others reach this panel, and the reverse proxies on their way. */
function openAddresses(options: PanelOptions, audit: PanelParts['audit']) {
  const { publicOrigins = [], trustedProxies: proxies = [], config } = options
  const auditFirst: Parameters<typeof createPublicAddresses>[0]['auditFirst'] = (entry) => audit.appendFirst(entry)
  return {
    publicAddresses: createPublicAddresses({ fixed: publicOrigins, store: publicAddresses(config), auditFirst }),
    trustedProxies: createTrustedProxies({ fixed: proxies, store: trustedProxies(config), auditFirst }),
  }
}

/** What the panel tells of itself. It is asked while the rest is built: what comes later is added by `alsoTell`. */
function buildAbout(
  { options, ledger, restored }: Base,
  { audit, vault, people }: Secrets,
  { engine }: WatchedMachine,
  parts: Awaited<ReturnType<typeof buildWork>> & Pick<BuiltServices, 'services' | 'gallery'>,
) {
  let later: () => Reason[] = () => []
  const about = describePanel({
    ...parts,
    ...{ options, ledger, audit, vault, people },
    alerts: () => [...later(), ...restoredNotices(restored)],
    rivals: () => [...rivalsOf(parts.services.list(), engine.containers()), ...parts.bypass.notices()],
  })
  return { about, alsoTell: (notices: () => Reason[]) => void (later = notices) }
}

/** The parts, from the ground up. A part that is needed below its own floor is handed down as a function. */
async function buildParts(base: Base): Promise<PanelParts> {
  const { options, paths, log, redact, events, publish, closing } = base
  const { dataFolder, desktop } = options
  const below = (): Services => built.services
  const secrets = await openSecrets(base, below, (id) => door.throughGateway(id))
  const machine = watchMachine(base, secrets, below)
  const built = await buildServices(base, secrets, machine, {
    settle: (id) => door.waking.settle(id),
    listening: () => [...panelAt(options.ownUrl?.()), ...door.gateway.listening()],
    numberFor: (serviceId, jobId) => numbers.ofStudio(serviceId, jobId),
  })
  const tools = await buildTools(base, secrets, machine, built)
  const draining = buildDraining(secrets.credentials, { services: below, cards: () => cards })
  const cards = buildCards(base, machine, { ...built, draining })
  const work = await buildWork(base, secrets, machine, {
    ...{ ...built, cards, draining },
    isOfAlerts: (id) => alerts.uses(id),
  })
  const numbers = buildNumbers(work)
  closing.add(work.usage.onJobs((serviceId) => cards.notice(serviceId)))
  const room = buildRoom(base, secrets, machine, { services: built.services, updates: work.updates })
  const { audit, access, owner, vault, credentials, authority } = secrets
  const { services, plainSecrets, testConnection, stats, containers, gallery } = built
  const addresses = openAddresses(options, audit)
  const door = buildGateway(base, secrets, built, {
    ...{ usage: work.usage, timeline: machine.timeline, sleeping: work.sleeping, draining, cards, numbers },
    publicOrigins: () => addresses.publicAddresses.all(),
    isTrustedProxy: addresses.trustedProxies.isOne,
  })
  const { about, alsoTell } = buildAbout(base, secrets, machine, { ...work, services, gallery })
  const backups = await buildBackups(base, secrets, built)
  const { attention, alerts, golden } = await buildAttention(base, secrets, machine, {
    ...{ ...built, ...work, ...tools, cards, backups, gateway: door.gateway },
    notices: () => about().notices,
  })
  const working = { ...work, audit, services, credentials }
  const { releases, underWay } = await buildReleases(base, working, () => attention.noticesChanged())
  alsoTell(() => [...attention.notices(), ...alerts.notices(), ...releases.notices()])
  const machines = buildMachines(base, secrets, machine)
  return {
    ...{ version, dataFolder, log, redact, events, desktop },
    ...{ audit, access, owner, vault, credentials, authority },
    ...{ ...machine, services, plainSecrets, testConnection, stats, containers, backendOf: services.backend },
    ...{ ...tools, ...work, cards, room },
    loadTests: buildLoadTests(base, secrets, machine, { ...built, ...work, cards }),
    models: await buildModels(base, secrets, machine, { ...built, loadOf: work.loadOf }),
    ...{ ...addresses, gateway: door.gateway },
    ...buildGatewayServices(secrets, machine, { ...work, services, cards, numbers }),
    ...createSettings({ config: options.config, audit, access, publish }),
    support: buildSupport(base, { about, services, attention }),
    metrics: buildMetrics(base, secrets, machine, {
      ...{ about, services, cards, attention, usage: work.usage },
      ...{ gateway: door.gateway, sleeping: work.sleeping },
    }),
    ...{ machines, fleet: buildFleet(base, secrets, machines) },
    gpuHistory: buildGpuHistory(base, machine, { ...work, services, attention }),
    ...{ about, attention, alerts, releases, backups, golden, restart: createRestart({ desktop, underWay, audit }) },
    addSimulators: (who) => addSimulators({ services, credentials, folder: paths.services }, who),
  }
}

/** What goes on by itself from the start. */
async function begin(parts: PanelParts, { options, paths, reportBug }: Base) {
  const { vault, rotations, policies, sleeping, attention, alerts, backups, metrics, golden } = parts
  const { loadTests, models, gpuHistory } = parts
  const isOpen = vault.status().state === 'open'
  // Not waited for: it may take as long as a service takes to start. Its credentials are locked meanwhile.
  if (isOpen) void rotations.recover().catch(reportBug)
  policies.begin()
  sleeping.begin()
  attention.begin()
  models.begin()
  alerts.begin()
  metrics.begin()
  backups.begin()
  golden.begin()
  loadTests.begin()
  gpuHistory.begin()
  void trimCrashDumps(paths.crashes).catch(reportBug)
  if (options.simulators && !options.config.has('services') && isOpen) await parts.addSimulators('regie')
}
