import type { LeakScanned } from '../../shared/contract'
import { Scanner } from './scanner'
import type { Sources } from './sources'

/** What a scan needs of the services that live in containers; the engine's side fills it. */
export interface LeakContainers {
  /** The services in containers, and the credential that each uses. */
  services(): { id: string; credentialId: string | null }[]
  /** Environment, labels, command and image. Throws a Problem when there is no container or no engine. */
  traces(
    serviceId: string,
    signal: AbortSignal,
  ): Promise<{
    container: string
    image: string
    traces: { kind: 'environment' | 'label' | 'command' | 'image'; part: string; text: string }[]
  }>
  /** What the container wrote, as bytes. Throws as `traces` does. */
  log(serviceId: string, signal: AbortSignal): AsyncIterable<{ stream: 'stdout' | 'stderr'; bytes: Buffer }>
}

type ServiceOf = ReturnType<LeakContainers['services']>[number]

/** Looks through what the engine keeps of a service's container and its image. */
export async function scanTraces(service: ServiceOf, containers: LeakContainers, to: Sources): Promise<void> {
  await to.source({ source: 'containers', where: service.id }, async (entry) => {
    const { container, image, traces } = await containers.traces(service.id, to.signal)
    const scanner = new Scanner(to.matcher)
    for (const { kind, part, text } of traces) {
      const bytes = Buffer.from(text, 'utf8')
      scanner.push(bytes)
      // A variable has no lines.
      const matches = scanner.end().map((match) => ({ ...match, lines: [] }))
      to.progress(entry, 1, bytes.length)
      const isImage = kind === 'image'
      to.report.add(
        {
          ...{ kind, part, serviceId: service.id },
          where: isImage ? image : container,
          weight: isImage ? 'image' : kind === 'environment' ? 'environment' : 'metadata',
          isExpected: ({ credentialId, generation }) =>
            kind === 'environment' && credentialId === service.credentialId && generation !== 'previous',
        },
        matches,
      )
    }
  })
}

/** Looks through what a service's container has written, stream by stream. */
export async function scanLog(service: ServiceOf, containers: LeakContainers, to: Sources): Promise<void> {
  await to.source({ source: 'logs', where: service.id }, async (entry: LeakScanned) => {
    const scanners = { stdout: new Scanner(to.matcher), stderr: new Scanner(to.matcher) }
    for await (const { stream, bytes } of containers.log(service.id, to.signal)) {
      scanners[stream].push(bytes)
      to.progress(entry, 0, bytes.length)
    }
    for (const part of ['stdout', 'stderr'] as const) {
      const place = { kind: 'log', where: service.id, part, serviceId: service.id, weight: 'log' } as const
      to.report.add({ ...place, isExpected: () => false }, scanners[part].end())
    }
    to.progress(entry, 1, 0)
  })
}
