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

/** What a Forge has, asked anew. Throws a Problem where it does not tell. */
export async function fetchOffer(offering: Offering, signal: AbortSignal): Promise<Offer> {
  const { asking, timeoutMs, isNeo } = offering
  const { read, told } = asking
  const of = (path: string) => at(path, timeoutMs, signal)
  const [models, samplers, schedulers, options, modules, loras] = await Promise.all([
    read('models', of('sd-models')),
    read('samplers', of('samplers')),
    schedulersOf(offering, signal),
    read('options', of('options')),
    told('modules', of('sd-modules')),
    told('loras', of('loras')),
  ])
  const loaded = options.sd_model_checkpoint ?? null
  return {
    ...{ models, samplers: samplers.map(({ name }) => name), schedulers, isNeo },
    modules: modules ?? [],
    loras: (loras ?? []).map(({ name }) => name),
    hasChosenModules: (options.forge_additional_modules ?? []).length > 0,
    loaded: loaded === '' ? null : loaded,
  }
}
