import type { About, PanelEvent, Settings } from '../shared/contract'
import { reason, type Reason } from '../shared/problems'
import { version } from '../package.json'
import type { DesktopActions, PanelParts } from './api/context'
import { createPanelEvents } from './api/events'
import { createBackend, surfacesOf } from './backends'
import { addSimulators } from './demo'
import { createCompose } from './docker/compose'
import { createEngine } from './docker/create-engine'
import { createShells } from './docker/shell'
import { createStacks } from './docker/stacks/stacks'
import { createGenerations, type Generations } from './generation'
import { createGpuMonitor } from './gpu'
import { createHandler, type Handler } from './http/handler'
import type { Programs } from './programs'
import { createServices } from './services'
import { createStats } from './docker/stats'
import { createServiceContainers } from './services/containers'
import { createServiceLinter } from './services/lint'
import { createTimeline } from './services/timeline'
import { createDoorTests, type DoorTests, type OwnAddress } from './services/door'
import { lockDataFolder } from './storage/folder-lock'
import { openLog } from './storage/log'
import { dockerAddress, readSettings, serviceEntries, writeSettings, type ConfigStore } from './storage/config'
import { dataPaths } from './storage/paths'
import { createHasher, createRedactor, createRotations, openAudit, openVault, type KeyKeeper } from './vault'

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
  const { log, close: closeLog } = openLog(paths.log, redact)
  const events = createPanelEvents()
  let door: DoorTests | null = null
  const publish = (event: PanelEvent) => {
    events.publish(event)
    options.onEvent?.(event)
    door?.onEvent(event)
    if (event.type === 'service') timeline.onService(event.service)
    if (event.type === 'service-removed') timeline.onServiceRemoved(event.id)
    if (event.type === 'generation' && ['succeeded', 'failed'].includes(event.generation.state))
      services.generated(event.generation.serviceId)
    // What a crash left in the middle can only be finished with the secrets at hand.
    if (event.type === 'vault' && event.vault.state === 'open') void rotations.recover().catch(reportBug)
  }
  const reportBug = (error: unknown) => log.error({ err: error }, 'something failed unexpectedly')

  const audit = await openAudit(paths.audit)
  const hasher = createHasher({ worker: programs.bcryptWorker })
  const vault = await openVault({
    paths,
    keeper: options.keeper ?? undefined,
    hasher,
    audit,
    redactor,
    publish,
    surfacesOf,
    reportError: reportBug,
    usersOf: (credentialId) => services.control().usersOf(credentialId),
    writeMode: (path) => services.control().writeMode(path),
  })
  const backendFor = (service: {
    id: string
    kind: 'comfyui' | 'forge'
    url: string
    credentialId?: string | undefined
  }) =>
    createBackend({
      serviceId: service.id,
      kind: service.kind,
      url: service.url,
      lendSecret: vault.lendSecret(service.credentialId ?? null),
    })
  const engine = createEngine({
    address: dockerAddress(config),
    composeProgram: () => compose.program().catch(() => null),
    reportBug,
  })
  const compose = createCompose({ engine, redact, known: () => services.composeServices() })
  engine.onChange((change) => {
    if (change.type === 'status') publish({ type: 'engine', engine: change.status })
  })
  const timeline = createTimeline({ file: paths.timeline, engine, publish, reportBug })
  const gpus = createGpuMonitor({
    pidToService: (pid) => services.ownerOf(pid),
    onReport: (report) => services.observeGpus(report),
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
  const containers = createServiceContainers({ engine, compose, services, vault, redact, gpus })
  const linter = createServiceLinter({
    historyFile: paths.composeChanges,
    configOf: (id) => services.config(id),
    ...{ engine, compose, gpus, audit, redact },
  })
  const stacks = createStacks({
    templates: programs.stacks,
    engine,
    compose,
    gpus,
    vault,
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
    reportBug,
    ...(options.doorAddresses ? { addresses: options.doorAddresses } : {}),
  })
  const rotations = await createRotations({
    vault,
    control: {
      ...services.control(),
      restart: (serviceId, signal) =>
        timeline.during({ serviceId, operation: 'restart', name: 'rotation' }, () =>
          services.control().restart(serviceId, signal),
        ),
    },
    journalFile: paths.rotations,
    reportError: reportBug,
  })
  const generations = await createGenerations({
    paths,
    publish,
    reportBug,
    services: (id) => {
      const { kind, runtime } = services.config(id)
      return { kind, simulated: runtime === 'simulator', backend: backendOf(id) }
    },
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
      audit.damage,
      vault.status().state === 'open' ? vault.status().reason : null,
      vault.status().keeper === 'key-file' ? reason('demo.key-file') : null,
    ].filter((notice) => notice !== null && notice !== undefined),
  })
  const parts: PanelParts = {
    version,
    dataFolder,
    log,
    services,
    backendOf,
    vault,
    audit,
    rotations,
    generations,
    gpus,
    engine,
    stats,
    compose,
    stacks,
    linter,
    timeline,
    containers,
    shells,
    door,
    events,
    settings,
    about,
    addSimulators: (who) => addSimulators({ services, vault, folder: paths.services }, who),
    desktop,
  }

  if (vault.status().state === 'open') await rotations.recover()
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
      await rotations.close()
      await vault.close()
      await stacks.close()
      await services.close()
      await timeline.close()
      await engine.close()
      await hasher.close()
      log.info('the panel has stopped')
      await closeLog()
      lock.release()
    },
  }
}
