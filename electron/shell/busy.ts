import type { PanelEvent } from '../../shared/contract'

/** What Regie is at, for the taskbar and for the machine's sleep. */
export interface Busy {
  /** Whether the machine should stay awake. */
  isBusy: boolean
  /** How far all running generations are together, from 0 to 1; null where none runs, or none can tell. */
  progress: number | null
}

const over: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled'])

/** Follows the panel's events. `note` returns how it stands, or null where the event changed nothing. */
export function createBusy() {
  const jobs = new Map<string, number | null>()
  const rotations = new Set<string>()
  const updates = new Set<string>()
  const keep = (set: Set<string>, id: string, isRunning: boolean) => (isRunning ? set.add(id) : set.delete(id))
  return {
    note(event: PanelEvent): Busy | null {
      if (event.type === 'generation') {
        const { id, state, progress } = event.generation
        if (over.has(state)) jobs.delete(id)
        else jobs.set(id, progress.fraction)
      } else if (event.type === 'rotation') keep(rotations, event.rotation.id, event.rotation.state === 'running')
      else if (event.type === 'update')
        keep(updates, event.update.id, event.update.state === 'running' || event.update.state === 'rolling-back')
      else return null
      const known = [...jobs.values()].filter((fraction) => fraction !== null)
      return {
        isBusy: jobs.size + rotations.size + updates.size > 0,
        progress: known.length === 0 ? null : known.reduce((sum, fraction) => sum + fraction, 0) / jobs.size,
      }
    },
  }
}
