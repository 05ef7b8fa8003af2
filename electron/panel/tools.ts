import { createDiscovery } from '../discovery'
import { Shells } from '../docker/shell'
import { readRawLog, readTraces } from '../docker/traces'
import { createDoctor } from '../doctor'
import { openExposureTests } from '../exposure'
import { createIdentity, platformOf } from '../identity'
import { LeakScans } from '../leaks'
import { createServiceLinter } from '../compose/lint/service-linter'
import { createStacks } from '../stacks/stacks'
import { readMachine } from '../system/machine'
import type { Base } from './base'
import { buildModelsCopies } from './disk'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'

/** What looks into services and credentials where somebody asks for it. */
export async function buildTools(base: Base, secrets: Secrets, machine: WatchedMachine, built: BuiltServices) {
  const { options, paths, redact, publish, listen, reportBug, closing } = base
  const { audit, vault, credentials } = secrets
  const { engine, compose, gpus } = machine
  const { services, containers } = built
  const { programs, exposureAddresses } = options
  const leaks = closing.keep(
    new LeakScans({
      credentials,
      worker: programs.leakWorker,
      containers: {
        services: () => services.list().filter(({ runtime }) => runtime === 'compose'),
        traces: (id, signal) => readTraces(engine, containers.containerOf(id).id, signal),
        log: (id, signal) => readRawLog(engine, containers.containerOf(id).id, signal),
      },
      reportBug,
    }),
  )
  const modelsCopies = await buildModelsCopies(base, secrets, machine, built)
  const linter = createServiceLinter({
    ...{ engine, compose, gpus, audit, redact },
    historyFile: paths.composeChanges,
    configOf: (id) => services.config(id),
    copiesOf: (id) => modelsCopies.copiesOf(id),
  })
  const identity = createIdentity({
    ...{ gpus, services, compose, lint: (id) => linter.report(id) },
    containerGpu: async (id) => (await containers.details(id)).gpu,
    platform: () => platformOf(engine.status().info?.kind ?? null, readMachine()),
  })
  const discovery = closing.keep(createDiscovery({ credentials, services: forDiscovery(services) }))
  const doctor = createDoctor({
    ...{ credentials, services, engine, compose, audit, redact },
    isManaged: ({ runtime }) => runtime !== 'external',
    lint: (id) => linter.report(id),
    cardOf: (id) => identity.ofService(id),
  })
  const stacks = closing.keep(
    createStacks({
      ...{ engine, compose, gpus, vault, credentials, services, publish, reportBug },
      templates: programs.stacks,
    }),
  )
  const shells = new Shells({ engine, audit: (entry) => audit.append(entry), reportBug })
  closing.add(() => shells.closeAll())
  const exposure = closing.keep(
    await openExposureTests({
      ...{ publish, listen, redact, reportBug },
      file: paths.exposureTests,
      configOf: (id) => services.config(id),
      bindingOf: (id) => containers.bindingOf(id),
      ...(exposureAddresses && { addresses: exposureAddresses }),
    }),
  )
  return { identity, leaks, linter, modelsCopies, discovery, doctor, stacks, shells, exposure }
}

const forDiscovery = (services: BuiltServices['services']): Parameters<typeof createDiscovery>[0]['services'] => ({
  list: () =>
    services.list().map(({ id, kind, url, credentialId, compose: spec }) => ({
      ...{ id, kind, url, credentialId },
      compose: spec ? { file: spec.file, service: spec.service } : null,
    })),
  create: (service) => void services.create(service),
  link: (id, credentialId) => void services.update({ id, credentialId }),
  remove: (id) => services.remove(id),
})
