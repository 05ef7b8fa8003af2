import type { Container } from '../../docker/engine'

export type DependencyCondition = 'service_started' | 'service_healthy' | 'service_completed_successfully'

/** A service of the same project that has to be there first, and how far it has to have come. */
export interface Dependency {
  service: string
  condition: DependencyCondition
}

const conditions: readonly DependencyCondition[] = [
  'service_started',
  'service_healthy',
  'service_completed_successfully',
]

/** A condition as it is written; an unknown one is taken for the weakest. */
export const conditionOf = (text: string | undefined): DependencyCondition =>
  conditions.find((known) => known === text) ?? 'service_started'

/** Reads Compose 2's label `com.docker.compose.depends_on`: `redis:service_healthy:false,db:service_started:true`. */
export const readDependencies = (label: string): Dependency[] =>
  label
    .split(',')
    .map((entry) => entry.split(':'))
    .flatMap(([service = '', condition]) => (service === '' ? [] : [{ service, condition: conditionOf(condition) }]))

/** How a dependency stands, by the engine's list. */
type Standing = 'met' | 'waiting' | 'failed' | 'stopped'

/**
 * Whether a dependency's container has come as far as is asked. `waiting`: it is on its way; `failed`: it ended with a
 * fault, or is unhealthy; `stopped`: it has to be started.
 */
export function standingOf(condition: DependencyCondition, container: Container | null): Standing {
  if (container === null) return 'stopped'
  const { state, status } = container
  const runs = state === 'running' || state === 'restarting'
  switch (condition) {
    case 'service_started':
      return runs ? 'met' : 'stopped'
    case 'service_healthy':
      if (!runs) return 'stopped'
      if (/\(healthy\)\s*$/.test(status)) return 'met'
      return /\(unhealthy\)\s*$/.test(status) ? 'failed' : 'waiting'
    case 'service_completed_successfully':
      if (runs) return 'waiting'
      if (state !== 'exited') return 'stopped'
      return /^Exited \(0\)/.test(status) ? 'met' : 'failed'
  }
}

/** Everything that a service depends on, directly or not, each with the strictest condition that is asked of it. */
export function allDependencies(service: string, of: (service: string) => readonly Dependency[]): Dependency[] {
  const found = new Map<string, DependencyCondition>()
  const visit = (name: string) => {
    for (const { service: needed, condition } of of(name)) {
      const known = found.get(needed)
      if (known === undefined || conditions.indexOf(condition) > conditions.indexOf(known)) found.set(needed, condition)
      // A project whose services wait for each other is Compose's to refuse.
      if (known === undefined && needed !== service) visit(needed)
    }
  }
  visit(service)
  return [...found].map(([name, condition]) => ({ service: name, condition }))
}
