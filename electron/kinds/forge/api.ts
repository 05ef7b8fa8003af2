import type { BackendTarget, FamilyParams } from '../backend'
import type { BackendClient, Question } from '../client'
import { readPicture } from '../tasks'
import type { BackendTiming } from '../timing'
import { createAsking } from './asking'
import { modulesFor, needsModules } from './choose'
import { createOffered } from './offered'
import type { TaskProgress } from './schemas'
import { txt2img, type Given, type Pictures } from './txt2img'

interface ForgePorts extends Pick<BackendTarget, 'spoolFolder' | 'readInput'> {
  /** Whether it is Forge Neo, which knows more families. */
  isNeo?: boolean
}

export type ForgeApi = ReturnType<typeof createForgeApi>

/** The pictures that a job begins with; null for one from text. */
async function givenFor(target: ForgePorts, { images: [source] = [], mask }: FamilyParams): Promise<Given | null> {
  if (source === undefined) return null
  const bytes = async (id: string) => (await readPicture(target, id)).bytes
  return { source: await bytes(source), mask: mask === undefined ? null : await bytes(mask) }
}

/** The calls of Forge's `/sdapi/v1` that Regie makes (modules/api/api.py), each answer read by a schema. */
export function createForgeApi(client: BackendClient, timing: BackendTiming, target: ForgePorts = {}) {
  const { spoolFolder, isNeo = false } = target
  const asking = createAsking(client)
  const { fetched, read, told } = asking
  const timeoutMs = timing.callMs
  const at = (path: string, signal: AbortSignal) => ({ path: `/sdapi/v1/${path}`, timeoutMs, signal })

  const offered = createOffered({ client, asking, timeoutMs, isNeo })

  async function post(path: string, signal: AbortSignal) {
    const call = { ...at(path, signal), method: 'POST', kind: 'act' } as const
    client.expectOk(await fetched(call), call)
  }

  return {
    /** Models, samplers and schedulers: as they are now, or as they were some seconds ago. */
    offered,
    models: (signal: AbortSignal) => read('models', at('sd-models', signal)),
    options: (signal: AbortSignal, asked: Pick<Question, 'credential'> = {}) =>
      read('options', { ...at('options', signal), ...asked }),
    progress: (withImage: boolean, signal: AbortSignal) =>
      read('progress', at(`progress?skip_current_image=${withImage ? 'false' : 'true'}`, signal)),
    /**
     * How one task stands, by its own id. Null where that is not told: without the web UI there is no such route.
     * `seenPreview`: the last preview that is known; null asks for none. Throws a Problem when nothing answers, or when
     * the service fails.
     */
    task(id: string, seenPreview: number | null, signal: AbortSignal): Promise<TaskProgress | null> {
      const json = { id_task: id, id_live_preview: seenPreview ?? -1, live_preview: seenPreview !== null }
      return told('task', { method: 'POST', path: '/internal/progress', json, timeoutMs, signal })
    },
    /** Tasks that wait in the queue, those of the API too; null without the web UI, which alone has the route. */
    async waiting(signal: AbortSignal): Promise<number | null> {
      return (await told('pending-tasks', { path: '/internal/pending-tasks', timeoutMs, signal }))?.size ?? null
    },
    /** Answers when the pictures are done and on disk. `taskId` is the name under which `task` tells of it. */
    async txt2img(taskId: string, params: FamilyParams, signal: AbortSignal): Promise<Pictures> {
      const modules = needsModules(params) ? await offered.use(signal, (offer) => modulesFor(params, offer)) : null
      const given = await givenFor(target, params)
      return txt2img(client, { taskId, params, modules, given }, { timeoutMs: timing.jobMs, spoolFolder, signal })
    },
    memory: (signal: AbortSignal) => read('memory', at('memory', signal)),
    /** Stops whatever job runs, whoever sent it. */
    interrupt: (signal: AbortSignal) => post('interrupt', signal),
    free: (signal: AbortSignal) => post('unload-checkpoint', signal),
  }
}
