import { createRecent } from '../../async/recent'
import { callFor, type BackendClient } from '../client'
import type { createAsking } from './asking'
import type { Offer } from './choose'
import type { Schedulers } from './schemas'

/** What a WebUI without schedulers does: as each sampler has it. */
const ownSchedule: Schedulers = [{ name: 'automatic', label: 'Automatic', aliases: null }]

interface Offering {
  client: BackendClient
  asking: ReturnType<typeof createAsking>
  timeoutMs: number
  isNeo: boolean
}

const at = (path: string, timeoutMs: number, signal: AbortSignal) => ({ path: `/sdapi/v1/${path}`, timeoutMs, signal })

/** A1111 knows schedulers since 1.9; before that each sampler has its own. */
async function schedulersOf({ client, timeoutMs }: Offering, signal: AbortSignal): Promise<Schedulers> {
  const question = at('schedulers', timeoutMs, signal)
  const answer = await client.call(callFor('schedulers', question))
  if (answer.status === 404) return ownSchedule
  client.expectOk(answer, question)
  return client.pick('schedulers', question, answer.body)
}

/** How long its lists are taken as they were told, in ms: models and extensions do not come by the second. */
const listsLastMs = 10_000

async function fetchLists(offering: Offering, signal: AbortSignal) {
  const { asking, timeoutMs } = offering
  const { read, told } = asking
  const of = (path: string) => at(path, timeoutMs, signal)
  const [models, samplers, schedulers, modules, loras] = await Promise.all([
    read('models', of('sd-models')),
    read('samplers', of('samplers')),
    schedulersOf(offering, signal),
    told('modules', of('sd-modules')),
    told('loras', of('loras')),
  ])
  return {
    ...{ models, samplers: samplers.map(({ name }) => name), schedulers },
    modules: modules ?? [],
    loras: (loras ?? []).map(({ name }) => name),
  }
}

/**
 * What a Forge has. Its lists may be some seconds old; which model is loaded, the one that is taken where none is asked
 * for, changes with every job and is asked each time. All throw a Problem where the service does not tell.
 */
export function createOffered(offering: Offering) {
  const { asking, timeoutMs, isNeo } = offering
  const lists = createRecent(listsLastMs, (signal) => fetchLists(offering, signal))

  async function withOptions(
    asked: Promise<Awaited<ReturnType<typeof fetchLists>>>,
    signal: AbortSignal,
  ): Promise<Offer> {
    const [told, options] = await Promise.all([asked, asking.read('options', at('options', timeoutMs, signal))])
    const loaded = options.sd_model_checkpoint ?? null
    return {
      ...{ ...told, isNeo },
      hasChosenModules: (options.forge_additional_modules ?? []).length > 0,
      loaded: loaded === '' ? null : loaded,
    }
  }
  const now = (signal: AbortSignal) => withOptions(lists.anew(signal), signal)

  return {
    /** As it is now. */
    now,
    /** Gives what is made of it; nothing is refused before all of it was asked anew. */
    async use<T>(signal: AbortSignal, make: (offer: Offer) => T): Promise<T> {
      const isShared = lists.isKept()
      try {
        return make(await withOptions(lists(signal), signal))
      } catch (error) {
        if (!isShared || signal.aborted) throw error
        return make(await now(signal))
      }
    },
  }
}
