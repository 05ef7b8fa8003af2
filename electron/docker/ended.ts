import type { Container, ContainerEvent } from './engine'

/** How long the engine is given to show an end in its list, in ms: it cleans up first, which may take its time. */
const patienceMs = 60_000

/**
 * The engine tells that a container has ended before its list shows it (moby `daemon/monitor.go`: the event comes
 * before the clean-up, the list after it). What was told is believed until the list agrees.
 */
export function createEndedContainers(now: () => number = Date.now) {
  const ended = new Map<string, number>()
  return {
    hear({ action, containerId }: Pick<ContainerEvent, 'action' | 'containerId'>) {
      if (action === 'die') ended.set(containerId, now())
      if (action === 'start' || action === 'destroy') ended.delete(containerId)
    },
    /** The list with what is known better. */
    correct(listed: readonly Container[]): Container[] {
      const stale = new Set<string>()
      const corrected = listed.map((container): Container => {
        const since = ended.get(container.id)
        if (since === undefined || container.state !== 'running' || now() - since > patienceMs) return container
        stale.add(container.id)
        return { ...container, state: 'exited' }
      })
      for (const id of ended.keys()) if (!stale.has(id)) ended.delete(id)
      return corrected
    },
    /** Whether the list is behind what was told. */
    isBehind: () => ended.size > 0,
  }
}
