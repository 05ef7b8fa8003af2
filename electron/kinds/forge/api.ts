import type { BackendTarget, ResolvedParams } from '../backend'
import { callFor, type BackendClient, type Question } from '../client'
import type { ReadAs } from '../reading/readings'
import { readPicture } from '../tasks'
import type { BackendTiming } from '../timing'
import { createAsking } from './asking'
import type { Offer } from './choose'
import type { Schedulers, TaskProgress } from './schemas'
import { txt2img, type Given, type Pictures } from './txt2img'

/** What a WebUI without schedulers does: as each sampler has it. */
const ownSchedule: Schedulers = [{ name: 'automatic', label: 'Automatic', aliases: null }]

type ForgePorts = Pick<BackendTarget, 'spoolFolder' | 'readInput'>

export type ForgeApi = ReturnType<typeof createForgeApi>

/** The pictures that a job begins with; null for one from text. */
async function givenFor(target: ForgePorts, { images: [source] = [], mask }: ResolvedParams): Promise<Given | null> {
  if (source === undefined) return null
  const bytes = async (id: string) => (await readPicture(target, id)).bytes
  return { source: await bytes(source), mask: mask === undefined ? null : await bytes(mask) }
}

interface Lists extends Pick<Offer, 'models' | 'schedulers'> {
  samplers: ReadAs<'samplers'>
  options: ReadAs<'options'>
  /** Null where they are not told. */
  loras: ReadAs<'loras'> | null
}

function offerFrom({ models, samplers, schedulers, options, loras }: Lists): Offer {
  const loaded = options.sd_model_checkpoint ?? null
  return {
    models,
    samplers: samplers.map(({ name }) => name),
    schedulers,
    loras: (loras ?? []).map(({ name }) => name),
    loaded: loaded === '' ? null : loaded,
  }
}

/** A1111 knows schedulers since 1.9; before that each sampler has its own. */
async function schedulersOf(client: BackendClient, question: Question): Promise<Schedulers> {
  const answer = await client.call(callFor('schedulers', question))
  if (answer.status === 404) return ownSchedule
  client.expectOk(answer, question)
  return client.pick('schedulers', question, answer.body)
}

/** The calls of Forge's `/sdapi/v1` that Regie makes (modules/api/api.py), each answer read by a schema. */
export function createForgeApi(client: BackendClient, timing: BackendTiming, target: ForgePorts = {}) {
  const { spoolFolder } = target
  const { fetched, read, told } = createAsking(client)
  const timeoutMs = timing.callMs
  const at = (path: string, signal: AbortSignal) => ({ path: `/sdapi/v1/${path}`, timeoutMs, signal })

  async function fetchOffer(signal: AbortSignal): Promise<Offer> {
    const [models, samplers, schedulers, options, loras] = await Promise.all([
      read('models', at('sd-models', signal)),
      read('samplers', at('samplers', signal)),
      schedulersOf(client, at('schedulers', signal)),
      read('options', at('options', signal)),
      told('loras', at('loras', signal)),
    ])
    return offerFrom({ models, samplers, schedulers, options, loras })
  }

  async function post(path: string, signal: AbortSignal) {
    const call = { ...at(path, signal), method: 'POST', kind: 'act' } as const
    client.expectOk(await fetched(call), call)
  }

  return {
    /** Models, samplers and schedulers. */
    offer: fetchOffer,
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
    txt2img: async (taskId: string, params: ResolvedParams, signal: AbortSignal): Promise<Pictures> =>
      txt2img(
        client,
        { taskId, params, given: await givenFor(target, params) },
        { timeoutMs: timing.jobMs, spoolFolder, signal },
      ),
    /** Stops whatever job runs, whoever sent it. */
    interrupt: (signal: AbortSignal) => post('interrupt', signal),
    free: (signal: AbortSignal) => post('unload-checkpoint', signal),
  }
}
