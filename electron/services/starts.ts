import type { Service } from '../../shared/contract'

/** Tells when a start is over and went well: the service is ready after an operation that brings it up. */
export function createStarts() {
  /** Services whose start is under way. */
  const starting = new Set<string>()
  return ({ id, operation, health }: Pick<Service, 'id' | 'operation' | 'health'>): boolean => {
    if (operation === 'start' || operation === 'restart' || operation === 'recreate') {
      starting.add(id)
      return false
    }
    const isOver = operation === null && health.state !== 'starting' && health.state !== 'listening'
    return isOver && starting.delete(id) && (health.state === 'ready' || health.state === 'authenticated')
  }
}
