import { setTimeout as delay } from 'node:timers/promises'
import { Problem } from '../../../shared/problems'
import type { BackendTiming } from '../timing'
import type { ForgeApi } from './api'
import { isWorking, type Look } from './progress'
import type { Progress } from './schemas'

/** The first looks are quick: a Turbo model is done within a second. */
const quickMs = 120
const quickLooks = 16
/** So long a service may take to hear of a task before it counts as one that does not know tasks by a name of ours. */
const unheardMs = 5_000

/** `moved`: the server works, and not on the job that it had when ours was sent; whose it is is told nowhere. */
export type Sight = { told: true; look: Look } | { told: false; moved: boolean }

interface Watching {
  taskId: string
  timing: BackendTiming
  signal: AbortSignal
  /** The job that ran when ours was sent, by its beginning; null when none ran. */
  before: string | null
  /** The last preview that is known, so that it is not sent again. */
  previewId: () => number
  put: (sight: Sight) => void
}

/** When the running job began, by the service's clock; null when none runs. */
export const begunAt = (progress: Progress) => (isWorking(progress) ? (progress.state?.job_timestamp ?? '') : null)

/**
 * Looks at our own job until its end. The server's progress speaks of whatever job runs, so it is believed only when our
 * task was the running one before and after. A look that fails is left out: `txt2img` itself tells what is wrong.
 */
export async function watch(api: ForgeApi, watching: Watching): Promise<void> {
  const { timing, signal } = watching
  let state: Watched = { wasActive: false, heard: false, told: true, previewAt: -Infinity }
  const since = performance.now()
  let quick = 0
  for (;;) {
    try {
      await delay(quick < quickLooks ? Math.min(timing.pollMs, quickMs) : timing.pollMs, undefined, { signal })
      quick += 1
      const { wasActive } = state
      if (!state.heard && performance.now() - since > unheardMs) state = { ...state, told: false }
      state = await (state.told ? lookAtTask : lookAtServer)(api, state, watching)
      if (state.wasActive && !wasActive) quick = 0
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof Problem)) throw error
    }
  }
}

interface Watched {
  wasActive: boolean
  /** Whether the service has ever spoken of our task. */
  heard: boolean
  told: boolean
  previewAt: number
}

async function lookAtTask(api: ForgeApi, state: Watched, watching: Watching): Promise<Watched> {
  const { taskId, timing, signal, previewId, put } = watching
  const own = state.wasActive ? await api.progress(false, signal) : null
  const withImage = performance.now() - state.previewAt >= timing.previewMs
  const task = await api.task(taskId, withImage ? previewId() : null, signal)
  if (task === null) return { ...state, told: false }
  put({ told: true, look: { task, own: task.active ? own : null } })
  return {
    told: true,
    wasActive: task.active,
    heard: state.heard || task.active || task.queued || task.completed,
    previewAt: task.live_preview ? performance.now() : state.previewAt,
  }
}

async function lookAtServer(api: ForgeApi, state: Watched, { before, signal, put }: Watching): Promise<Watched> {
  const now = begunAt(await api.progress(false, signal))
  put({ told: false, moved: now !== null && now !== before })
  return { ...state, wasActive: false }
}
