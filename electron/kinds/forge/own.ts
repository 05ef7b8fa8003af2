import { setTimeout as delay } from 'node:timers/promises'
import { Problem } from '../../../shared/problems'
import type { BackendTiming } from '../timing'
import type { ForgeApi } from './api'
import { isWorking } from './progress'

/** The name of a job of ours among the tasks of a Forge, whose own are called `task(txt2img-ABC1234)`. */
export const taskIdOf = (jobId: string) => `task(regie-${jobId})`

/**
 * How a job of ours stands on the service. `absent`: it has ended, or has not arrived yet; `untold`: this service does
 * not tell whose job runs.
 */
export type Standing = 'queued' | 'active' | 'absent' | 'untold'

export async function standingOf(api: ForgeApi, taskId: string, signal: AbortSignal): Promise<Standing> {
  const task = await api.task(taskId, null, signal)
  if (task === null) return 'untold'
  if (task.queued) return 'queued'
  if (!task.active) return 'absent'
  // A task that failed counts as the current one until the next begins (modules/api/api.py): then no job runs.
  return isWorking(await api.progress(false, signal)) ? 'active' : 'absent'
}

/**
 * Takes a job off the service: waits for its turn, since a waiting one cannot be withdrawn, and interrupts it then.
 * Resolves when it is off, or with false where nothing can be known of it. Throws a Problem when nothing answers.
 *
 * Forge's `/interrupt` names no job, so the look comes right before it: what is left of the risk is the time between two
 * requests.
 */
export async function takeOff(api: ForgeApi, taskId: string, { timing, signal }: Taking): Promise<boolean> {
  for (;;) {
    const standing = await standingOf(api, taskId, signal)
    if (standing === 'absent' || standing === 'untold') return standing === 'absent'
    if (standing === 'active') await api.interrupt(signal)
    await delay(timing.pollMs, undefined, { signal })
  }
}

interface Taking {
  timing: BackendTiming
  signal: AbortSignal
}

/** What a call to a service that is in trouble, or that is given up, may throw; anything else is a bug. */
export const isExpected = (error: unknown) =>
  error instanceof Problem || (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
