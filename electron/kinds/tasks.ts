import type { Family, GenerationParams, Task } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { BackendTarget, InputPicture } from './backend'
import { listNames } from './words'

/** What a request asks a family to do. */
export const taskOf = (params: Pick<GenerationParams, 'task'>): Task => params.task ?? 'text'

/** Which tasks take what is given beside a prompt. */
const takenBy = {
  images: ['image', 'inpaint', 'edit'],
  mask: ['inpaint'],
  strength: ['image', 'inpaint'],
} as const satisfies Partial<Record<keyof GenerationParams, readonly Task[]>>

/** What a task would leave aside without a word, were it not refused; null where there is nothing. */
function unusedBy(task: Task, params: GenerationParams): string | null {
  const given = Object.entries(takenBy).filter(([name]) => params[name as keyof typeof takenBy] !== undefined)
  return given.find(([, tasks]) => !tasks.some((one) => one === task))?.[0] ?? null
}

/** Refuses what a family cannot do, what its task has no use for, and a request that lacks what its task needs. */
export function checkTask(
  params: GenerationParams,
  { title, tasks, mostImages }: Pick<Family, 'title' | 'tasks' | 'mostImages'>,
) {
  const task = taskOf(params)
  if (!tasks.includes(task))
    throw new Problem('backend.task-unknown', { family: title, task, available: listNames(tasks) })
  const unused = unusedBy(task, params)
  if (unused) throw new Problem('backend.not-of-task', { parameter: unused, task })
  const count = params.images?.length ?? 0
  if (task !== 'text' && count === 0) throw new Problem('backend.picture-needed', { task })
  // An edit refers to several; the other tasks begin with one.
  const most = task === 'edit' ? mostImages : 1
  if (task !== 'text' && count > most) throw new Problem('backend.pictures-too-many', { family: title, most, count })
  if (task === 'inpaint' && params.mask === undefined) throw new Problem('backend.mask-needed')
}

/** Refuses LoRAs that the service does not list: it would run without them, or fail late. */
export function checkLoras({ loras = [] }: GenerationParams, there: readonly string[]) {
  const unknown = loras.find(({ name }) => !there.includes(name))
  if (unknown) throw new Problem('backend.unknown-lora', { name: unknown.name, available: listNames(there) })
}

/** A picture that a request names. Throws a Problem where it is not there. */
export function readPicture({ readInput }: Pick<BackendTarget, 'readInput'>, id: string): Promise<InputPicture> {
  if (!readInput) throw new Problem('backend.pictures-unknown')
  return readInput(id)
}
