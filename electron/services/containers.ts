import type { ContainerDetails, Service, ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Compose } from '../compose/program/compose'
import type { Engine } from '../docker/engine'
import { inspectContainer, type KnownSecrets } from '../docker/inspect'
import type { GpuMonitor } from '../gpu'
import type { Credentials } from '../credentials'

/** What is known of a service's ports before it is asked. */
export interface KnownBinding {
  /** Ports as the engine has bound them; null when no container stands behind the service. */
  container: readonly { hostIp: string; hostPort: number }[] | null
  /** Ports as the Compose files ask for them; null when they cannot be read. */
  file: readonly { hostIp: string; hostPort: number }[] | null
}

export interface ContainersOptions {
  engine: Pick<Engine, 'client' | 'status' | 'containers'>
  compose: Pick<Compose, 'config'>
  services: { get(id: string): Service; config(id: string): ServiceConfig }
  credentials: Pick<Credentials, 'list' | 'isOpen'>
  redact: (text: string) => string
  gpus: Pick<GpuMonitor, 'report'>
}

export type ServiceContainers = ReturnType<typeof createServiceContainers>

/** What is known of the containers behind services. */
export function createServiceContainers({ engine, compose, services, credentials, redact, gpus }: ContainersOptions) {
  /** A locked vault knows no fingerprints; everything is masked all the same. */
  const knownSecrets = async (credentialId: string | null): Promise<KnownSecrets> => {
    const all = credentials.isOpen() ? await credentials.list() : []
    const own = all.find(({ id }) => id === credentialId)
    return {
      redact,
      credentials: new Map(
        all.flatMap(({ id, fingerprints }) =>
          [fingerprints.password, fingerprints.token].flatMap((print) => (print ? [[print, id] as const] : [])),
        ),
      ),
      own: own
        ? {
            id: own.id,
            isHash: own.scheme === 'comfyui-login',
            variables: new Set(own.sinks.flatMap(({ key, field }) => (key && field !== 'username' ? [key] : []))),
          }
        : null,
    }
  }

  /** The container behind a service. Throws a Problem when there is none. */
  const containerOf = (serviceId: string): { id: string; name: string } => {
    const { container } = services.get(serviceId)
    if (!container) throw new Problem('container.none', { id: serviceId })
    return { id: container.id, name: container.name }
  }

  return {
    containerOf,

    async details(serviceId: string): Promise<ContainerDetails> {
      const { credentialId, gpu } = services.get(serviceId)
      const { id } = containerOf(serviceId)
      const [known, report] = await Promise.all([knownSecrets(credentialId), gpus.report()])
      return inspectContainer(engine, id, { known, gpus: report.gpus, wantedUuid: gpu?.uuid ?? null })
    },

    /** Its ports, as the engine has bound them and as its files ask. */
    async bindingOf(serviceId: string): Promise<KnownBinding> {
      const id = services.get(serviceId).container?.id
      const { compose: spec } = services.config(serviceId)
      const bound = engine.containers().find((container) => container.id === id)?.ports ?? null
      // Files that cannot be read are told elsewhere.
      const config = spec ? await compose.config(spec).catch(() => null) : null
      return { container: bound, file: (spec && config?.services[spec.service]?.ports) ?? null }
    },
  }
}
