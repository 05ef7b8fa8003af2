import type { ServiceConfig } from '../../shared/contract'
import { Stats } from '../docker/stats'
import { createInputs, openGallery } from '../generation'
import { createGoldenStore, provedOf } from '../golden'
import { createAnswerReader, createBackend, type BackendTiming } from '../kinds'
import { createServices, type ServicesOptions } from '../services'
import { createPlainSecrets } from '../services/secrets/importing'
import { createGiving } from '../services/secrets/giving'
import { connectionLimits, createConnectionTests } from '../services/connection'
import { createServiceContainers } from '../services/containers'
import { serviceEntries } from '../storage/config'
import { openWorkflows } from '../workflows'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'

/** What people made, gave and imported, and how backends read it. */
async function openKept({ paths, publish, reportBug, closing }: Base, { audit }: Secrets) {
  const gallery = closing.keep(await openGallery(paths.database))
  const goldenStore = createGoldenStore(gallery.database)
  const inputs = closing.keep(createInputs({ records: gallery.inputs, folder: paths.inputs, reportBug }))
  await inputs.start()
  const workflows = closing.keep(
    await openWorkflows({
      ...{ folder: paths.workflows, audit, reportBug },
      changed: () => publish({ type: 'workflows' }),
    }),
  )
  return {
    ...{ gallery, goldenStore, inputs, workflows },
    readInput: (id: string) => inputs.read(id),
    readWorkflow: (id: string, version?: number) => workflows.toRun(id, version),
  }
}

/** What is built later, and asked when the services are there. */
type FromAbove = Required<Pick<ServicesOptions, 'settle' | 'listening'>> & {
  numberFor: (serviceId: string, jobId: string) => number | null
}

/** The services and how they are spoken to, with the gallery, of which their checks tell. */
export async function buildServices(
  base: Base,
  secrets: Secrets,
  { engine, compose, gpus }: WatchedMachine,
  { settle, listening, numberFor }: FromAbove,
) {
  const { options, paths, redact, redactor, publish, listen, reportBug, closing, events, ledger } = base
  const { credentials, audit } = secrets
  const { config, programs } = options
  const reader = closing.keep(createAnswerReader({ worker: programs.readWorker }))
  const { gallery, goldenStore, inputs, workflows, readInput, readWorkflow } = await openKept(base, secrets)
  const backendFor = (
    { id, kind, url, credentialId }: Pick<ServiceConfig, 'id' | 'kind' | 'url' | 'credentialId'>,
    lendSecret = credentials.lendSecret(credentialId ?? null),
    timing: Partial<BackendTiming> = {},
  ) =>
    createBackend(
      {
        ...{ serviceId: id, kind, url, lendSecret, redact, reader, readInput, readWorkflow },
        numberFor: (jobId) => numberFor(id, jobId),
        spoolFolder: paths.spool,
      },
      timing,
    )

  const services = closing.keep(
    createServices({
      ...{ paths, programs, backendFor, redact, redactor, publish, listen, reportBug, engine, compose, gpus },
      config: serviceEntries(config),
      giving: createGiving({ credentials, audit }),
      watched: () => events.subscriberCount() > 0,
      onWatched: events.onArrival,
      ...{ settle, listening, lastGenerations: (id) => gallery.lastOf(id), reach: ledger.reach },
      proved: (id, now) => provedOf(goldenStore.last(id), now),
      peak: (id) => goldenStore.last(id)?.vramMiB ?? null,
    }),
  )
  const stats = closing.keep(
    new Stats({
      engine,
      services: () => services.list().flatMap(({ id, runtime }) => (runtime === 'compose' ? [id] : [])),
      containerOf: (id) => services.get(id).container,
      reportBug,
    }),
  )
  const containers = createServiceContainers({ engine, compose, services, credentials, redact, gpus })
  const testConnection = createConnectionTests({
    ...{ credentials, redactor, audit },
    backendAt: ({ kind, url }, lend) => backendFor({ id: '', kind, url }, lend, { callMs: connectionLimits.callMs }),
  })
  const plainSecrets = createPlainSecrets({ services, credentials })
  const kept = { gallery, goldenStore, inputs, workflows, readWorkflow }
  return { ...kept, backendFor, services, plainSecrets, testConnection, stats, containers }
}

export type BuiltServices = Awaited<ReturnType<typeof buildServices>>
