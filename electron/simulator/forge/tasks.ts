/** Finished tasks that are remembered (modules/progress.py). */
const remembered = 16

/** Which tasks wait, run and have finished, by id, as `/internal/progress` and `/internal/pending-tasks` tell it. */
export interface Tasks {
  /** A task that waits for the queue lock. */
  add: (id: string) => void
  /** A task that has the lock: it waits no more. */
  begin: (id: string) => void
  /** A task that came to its end. One that failed never does: it stays the current one until the next begins. */
  finish: (id: string) => void
  /** In the order in which they came, without the one that runs. */
  pending: () => readonly string[]
  isCurrent: (id: string | null) => boolean
  isFinished: (id: string | null) => boolean
}

export function createTasks(): Tasks {
  const pending = new Set<string>()
  const finished: string[] = []
  let current: string | null = null
  return {
    add: (id) => void pending.add(id),
    begin(id) {
      current = id
      pending.delete(id)
    },
    finish(id) {
      if (current === id) current = null
      finished.push(id)
      if (finished.length > remembered) finished.shift()
    },
    pending: () => [...pending],
    isCurrent: (id) => current === id,
    isFinished: (id) => id !== null && finished.includes(id),
  }
}
