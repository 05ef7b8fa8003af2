import type { ContainerEvent } from '../../docker/engine'

/**
 * The containers whose end is this panel's doing, until they are started again. An event is told once the list shows it, so
 * that the start of one that is stopped at once may be told after: only a start that follows an end takes the mark away.
 */
export function createStoppedHere() {
  /** Whether each has ended since. */
  const marks = new Map<string, { hasEnded: boolean }>()
  return {
    has: (containerId: string) => marks.has(containerId),
    /** This panel stops it now. */
    note(containerId: string): void {
      marks.set(containerId, { hasEnded: false })
    },
    hear({ containerId, action }: Pick<ContainerEvent, 'containerId' | 'action'>): void {
      const mark = marks.get(containerId)
      if (!mark) return
      if (action === 'die') mark.hasEnded = true
      if (action === 'destroy' || (action === 'start' && mark.hasEnded)) marks.delete(containerId)
    },
    /** Events may be missing: of none it is known that it has not ended. */
    mayHaveMissed(): void {
      for (const mark of marks.values()) mark.hasEnded = true
    },
  }
}
