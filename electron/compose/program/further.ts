import type { ComposeSpec } from '../../../shared/contract'
import type { Engine } from '../../docker/engine'
import type { Compose } from './compose'
import { allDependencies } from './dependencies'

/**
 * How many containers there are of services that have more than their files ask for: of those that an `up` of the
 * named ones touches, of all where none is named. Compose refuses others.
 */
export async function furtherOf(
  { engine, rendered, projectName }: { engine: Pick<Engine, 'containers'> } & Pick<Compose, 'rendered' | 'projectName'>,
  spec: ComposeSpec,
  named: readonly string[],
): Promise<Record<string, number>> {
  const name = await projectName(spec)
  const numbers = new Map<string, Set<string>>()
  for (const { compose, labels } of engine.containers()) {
    if (compose?.project !== name || compose.oneOff) continue
    const known = numbers.get(compose.service) ?? new Set()
    numbers.set(compose.service, known.add(labels['com.docker.compose.container-number'] ?? '1'))
  }
  const many = [...numbers].filter(([, found]) => found.size > 1)
  if (many.length === 0) return {}
  const { services } = await rendered(spec)
  const needed = (service: string) =>
    allDependencies(service, (of) => services[of]?.dependsOn ?? []).map((dependency) => dependency.service)
  const touched = new Set(named.flatMap((service) => [service, ...needed(service)]))
  return Object.fromEntries(
    many
      .filter(([service]) => touched.size === 0 || touched.has(service))
      .filter(([service, found]) => services[service] && found.size > (services[service].replicas ?? 1))
      .map(([service, found]) => [service, found.size]),
  )
}
