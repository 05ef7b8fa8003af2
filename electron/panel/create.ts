import type { About, PanelEvent, ServiceConfig, Settings } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'
import { version } from '../../package.json'
import type { DesktopActions, PanelParts } from '../api/context'
import { createAccess, createOwner, createPublicAddresses } from '../access'
import { createPanelEvents } from '../api/events'
import { createAnswerReader, createBackend, sessionsOf, surfacesOf } from '../kinds'
import { addSimulators } from './demo'
import { createCompose } from '../compose/program'
import { createEngine } from '../docker/create-engine'
import { createShells } from '../docker/shell'
import { createStacks } from '../stacks/stacks'
import { createDoctor } from '../doctor'
import { createGenerations, type Generations } from '../generation'
import { readRawLog, readTraces } from '../docker/traces'
import { createGpuMonitor, createGpuProgramChoice, namedPrograms } from '../gpu'
import { createHandler, type Handler } from '../http/handler'
import { policyPorts } from './policy-ports'
import type { Programs } from './programs'
import { createServices } from '../services'
import { createLeftBehind } from '../services/left-behind'
import { hasEnded, isComing } from '../services/load'
import { linksCredentials } from '../services/registry'
import { readMachine } from '../system/machine'
import { createStats } from '../docker/stats'
import { createServiceContainers } from '../services/containers'
import { createServiceLinter } from '../compose/lint/service-linter'
import { createTimeline } from '../timeline'
import { createDoorTests, type DoorTests, type OwnAddress } from '../exposure'
import { openFolderFormat } from '../storage/folder-format'
import { lockDataFolder } from '../storage/folder-lock'
import { openLog } from '../storage/log'
import {
  dockerAddress,
  gpuProgram,
  publicAddresses,
  openSessionStore,
  readSettings,
  serviceEntries,
  writeSettings,
  type ConfigStore,
} from '../storage/config'
import { clearDataFolder } from '../storage/data-folder'
import { dataPaths } from '../storage/paths'
import { createGuard, createRotationPolicies, type RotationPolicies } from '../rotation/policy'
import { createCredentials } from '../credentials'
import { createHasher } from '../credentials/hasher'
import { credentialRecords } from '../credentials/record'
import { createLeakScans } from '../leaks'
import { createRedactor } from '../vault/redactor'
import { createRotations } from '../rotation/rotation'
import { openAudit } from '../audit/audit'
import { openVault } from '../vault/vault'
import type { KeyKeeper } from '../vault/keepers'
import { createDiscovery } from '../discovery'

export interface PanelOptions {
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
  /** Origins under which others reach it, from the command line; more are added in the settings. */
  publicOrigins?: readonly string[]
  /** The addresses of this machine that door tests ask from, in place of all of them. */
  doorAddresses?: () => OwnAddress[]
  /** Told of everything that the pages are told of. */
  onEvent?: (event: PanelEvent) => void
}

export interface Panel {
  parts: PanelParts
  handler: Handler
  /** Ends every stream, service and child that the panel started, in the reverse order. */
  close(): Promise<void>
}

/** Builds every part, joins them, and starts them in order. */
export async function createPanel(options: PanelOptions): Promise<Panel> {
  const { config, dataFolder, desktop, programs } = options
  const startedAt = Date.now()
  const paths = dataPaths(dataFolder)
  const redactor = createRedactor()
  const redact = (text: string) => redactor.redact(text)
  const lock = lockDataFolder(paths.lock)
  await openFolderFormat(paths, version).catch((error: unknown) => {
    lock.release()
    throw error
  })
  await clearDataFolder(paths)
  const leftBehind = createLeftBehind(paths.composeRuns)
  await leftBehind.clear()
  const { log, close: closeLog } = openLog(paths.log, redact)
  const events = createPanelEvents()
  let door: DoorTests | null = null
  let policies: RotationPolicies | null = null
  const publish = (event: PanelEvent) => {
    events.publish(event)
    options.onEvent?.(event)
    door?.onEvent(event)
    if (event.type === 'service') {
      timeline.onService(event.service)
      if (hasEnded(event.service)) gallery?.serviceEnded(event.service.id)
    }
    if (event.type === 'service-removed') timeline.onServiceRemoved(event.id)
    if (event.type === 'generation') {
      const { state, serviceId } = event.generation
      if (state === 'succeeded' || state === 'failed') services.generated(serviceId, state)
    }
    // What a crash left in the middle can only be finished with the secrets at hand.
    if (event.type === 'vault' && event.vault.state === 'open') void rotations.recover().catch(reportBug)
    policies?.onEvent(event)
  }
  const reportBug = (error: unknown) => log.error({ err: error }, 'something failed unexpectedly')

  const audit = await openAudit(paths.audit)
  const hasher = createHasher({ worker: programs.bcryptWorker })
  const sessionStore = openSessionStore(dataFolder)
  const access = createAccess({ config, store: sessionStore, hasher, audit, publish })
  const owner = createOwner({ access, store: sessionStore, confirm: desktop?.confirmOwner ?? null })
  const vault = await openVault({
    paths,
    records: credentialRecords,
    keeper: options.keeper ?? undefined,
    audit,
    redactor,
    publish,
    linkedIn: () => (linksCredentials(serviceEntries(config)) ? config.path : null),
    reportError: reportBug,
  })
  const credentials = createCredentials({
    ...{ vault, hasher, audit, redactor, publish, surfacesOf, sessionsOf },
    dataRoot: paths.root,
    reportError: reportBug,
    usersOf: (credentialId) => services.control().usersOf(credentialId),
    writeMode: (path) => services.control().writeMode(path),
    look: (...asked) => services.look(...asked),
  })
  const backendFor = (
    service: Pick<ServiceConfig, 'id' | 'kind' | 'url' | 'credentialId'>,
    lendSecret = credentials.lendSecret(service.credentialId ?? null),
  ) =>
    createBackend({
      serviceId: service.id,
      kind: service.kind,
      url: service.url,
      lendSecret,
      redact,
      reader,
      spoolFolder: paths.spool,
    })
  const reader = createAnswerReader({ worker: programs.readWorker })
  const engine = createEngine({
    address: dockerAddress(config),
    composeProgram: () => compose.program().catch(() => null),
    reportBug,
  })
  const compose = createCompose({ engine, redact, known: () => services.composeServices(), notes: leftBehind })
  engine.onChange((change) => {
    if (change.type === 'status') publish({ type: 'engine', engine: change.status })
  })
  const timeline = createTimeline({ file: paths.timeline, engine, publish, redact, reportBug })
  const machine = readMachine()
  const gpuStore = gpuProgram(config)
  const named = namedPrograms(gpuStore)
  const gpus = createGpuMonitor({
    ...{ named, machine },
    pidToService: (pid) => services.ownerOf(pid),
    onReport: (report) => services.observeGpus(report),
  })
  const gpuChoice = createGpuProgramChoice({
    ...{ store: gpuStore, named, machine, monitor: gpus },
    auditFirst: (entry) => audit.appendFirst(entry),
  })
  let gallery: Generations | null = null
  const lastGeneration = (serviceId: string, state: 'succeeded' | 'failed') =>
    gallery?.list({ limit: 1, serviceId, state }).items[0] ?? null
  const services = createServices({
    config: serviceEntries(config),
    paths,
    programs,
    backendFor,
    redact,
    redactor,
    publish,
    watched: () => events.subscriberCount() > 0,
    reportBug,
    engine,
    compose,
    gpus,
    lastGenerations: (id) => ({ succeeded: lastGeneration(id, 'succeeded'), failed: lastGeneration(id, 'failed') }),
  })
  const stats = createStats({
    engine,
    services: () => services.list().flatMap(({ id, runtime }) => (runtime === 'compose' ? [id] : [])),
    containerOf: (id) => services.get(id).container,
    reportBug,
  })
  const backendOf = (serviceId: string) => backendFor(services.config(serviceId))
  const containers = createServiceContainers({ engine, compose, services, credentials, redact, gpus })
  const leaks = createLeakScans({
    credentials,
    worker: programs.leakWorker,
    containers: {
      services: () => services.list().filter(({ runtime }) => runtime === 'compose'),
      traces: (id, signal) => readTraces(engine, containers.containerOf(id).id, signal),
      log: (id, signal) => readRawLog(engine, containers.containerOf(id).id, signal),
    },
    reportBug,
  })
  const linter = createServiceLinter({
    historyFile: paths.composeChanges,
    configOf: (id) => services.config(id),
    ...{ engine, compose, gpus, audit, redact },
  })
  const discovery = createDiscovery({
    credentials,
    services: {
      list: () =>
        services.list().map(({ id, kind, url, credentialId, compose: spec }) => ({
          ...{ id, kind, url, credentialId },
          compose: spec ? { file: spec.file, service: spec.service } : null,
        })),
      create: (service) => void services.create(service),
      link: (id, credentialId) => void services.update({ id, credentialId }),
      remove: (id) => services.remove(id),
    },
  })
  const doctor = createDoctor({
    ...{ credentials, services, engine, compose, audit, redact },
    isManaged: ({ runtime }) => runtime !== 'external',
    lint: (id) => linter.report(id),
  })
  const stacks = createStacks({
    templates: programs.stacks,
    engine,
    compose,
    gpus,
    vault,
    credentials,
    services,
    publish,
    reportBug,
  })
  const shells = createShells({ engine, audit: (entry) => audit.append(entry), reportBug })
  door = await createDoorTests({
    file: paths.doorTests,
    configOf: (id) => services.config(id),
    bindingOf: (id) => containers.bindingOf(id),
    publish,
    redact,
    reportBug,
    ...(options.doorAddresses ? { addresses: options.doorAddresses } : {}),
  })
  const ports = policyPorts({ credentials, services, timeline, generations: () => gallery, backendWith: backendFor })
  const guard = createGuard(ports.loadOf)
  const rotations = await createRotations({
    credentials,
    control: guard.over({
      ...services.control(),
      restart: (serviceId, signal) =>
        timeline.during({ serviceId, operation: 'restart', name: 'rotation' }, () =>
          services.control().restart(serviceId, signal),
        ),
    }),
    journalFile: paths.rotations,
    reportError: reportBug,
  })
  policies = createRotationPolicies({ credentials, rotations, guard, ...ports, reportError: reportBug })
  const generations = await createGenerations({
    paths,
    redact,
    publish,
    reportBug,
    services: (id) => {
      const { kind, runtime } = services.config(id)
      return { kind, simulated: runtime === 'simulator', backend: backendOf(id) }
    },
    hasEnded: (id) => hasEnded(services.get(id)),
    isComing: (id) => isComing(services.get(id)),
  })
  gallery = generations

  const settings = {
    read: () => readSettings(config),
    change(change: Partial<Settings>) {
      const changed = writeSettings(config, change)
      publish({ type: 'settings', settings: changed })
      return changed
    },
  }
  const about = (): About => ({
    version,
    platform: `${process.platform} ${process.arch}`,
    nodeVersion: process.versions.node,
    electronVersion: 'electron' in process.versions ? process.versions.electron : null,
    dataFolder,
    startedAt,
    demo: options.demo,
    notices: [
      ...options.notices,
      generations.notice,
      ...audit.notices(),
      vault.status().state === 'open' ? vault.status().reason : null,
      ...rotations.notices(),
      vault.status().keeper === 'key-file' ? reason('demo.key-file') : null,
    ].filter((notice) => notice !== null && notice !== undefined),
  })
  const parts: PanelParts = {
    version,
    dataFolder,
    log,
    redact,
    services,
    backendOf,
    vault,
    credentials,
    audit,
    leaks,
    access,
    owner,
    rotations,
    policies,
    generations,
    gpus,
    gpuProgram: gpuChoice,
    publicAddresses: createPublicAddresses({
      fixed: options.publicOrigins ?? [],
      store: publicAddresses(config),
      auditFirst: (entry) => audit.appendFirst(entry),
    }),
    engine,
    stats,
    compose,
    stacks,
    linter,
    discovery,
    timeline,
    containers,
    shells,
    doctor,
    door,
    events,
    settings,
    about,
    addSimulators: (who) => addSimulators({ services, credentials, folder: paths.services }, who),
    desktop,
  }

  // Not waited for: it may take as long as a service takes to start. Its credentials are locked meanwhile.
  if (vault.status().state === 'open') void rotations.recover().catch(reportBug)
  policies.begin()
  if (options.simulators && !config.has('services') && vault.status().state === 'open')
    await parts.addSimulators('regie')
  log.info({ version, dataFolder }, 'the panel has started')

  return {
    parts,
    handler: createHandler({ parts, rendererFolder: programs.renderer }),
    async close() {
      await Promise.all([shells.closeAll(), door.close()])
      stats.close()
      await gpus.close()
      await generations.close()
      const policiesEnded = parts.policies.close()
      await rotations.close()
      await policiesEnded
      discovery.close()
      await leaks.close()
      await credentials.close()
      await vault.close()
      await stacks.close()
      await services.close()
      await reader.close()
      await timeline.close()
      await engine.close()
      access.close()
      await hasher.close()
      log.info('the panel has stopped')
      await closeLog()
      lock.release()
    },
  }
}
