import { Problem, reason } from '../../../shared/problems'
import type { BackendProbe } from '../backend'
import { answerProblem, isTurnedAway, type BackendClient, type Call } from '../client'
import { createClimb } from '../evidence'
import type { HttpAnswer } from '../http'
import type { BackendTiming } from '../timing'
import type { ForgeApi } from './api'
import { whyNotFound } from './not-found'
import { isWorking } from './progress'

const asked = 'GET /sdapi/v1/options'

interface Probing {
  client: BackendClient
  api: ForgeApi
  timing: BackendTiming
}

/**
 * Climbs from `listening` to `ready`. `/` is not asked: behind a login form it answers 200 too. What a 404 means is told
 * by what else answers: gradio listens some seconds before the API's routes are there.
 */
export async function probeForge(probing: Probing, signal: AbortSignal, upTo?: 'authenticated'): Promise<BackendProbe> {
  const { client, api, timing } = probing
  const climb = createClimb()
  const call: Call = {
    ...{ path: '/sdapi/v1/options', timeoutMs: timing.callMs, credential: false, signal },
    ...{ kind: 'probe', take: { 200: 'nothing' } },
  }
  const stranger = await climb.rung('listening', asked, async () => {
    const value = await client.call(call)
    return { outcome: 'proven', answered: String(value.status), value }
  })
  if (!stranger) return climb.result()
  if (!(await climb.rung('authenticated', asked, () => authenticate(probing, call, stranger.value))))
    return climb.result()

  if (upTo === 'authenticated') return climb.result()
  let known: Omit<BackendProbe, 'evidence'> = { model: null, queue: null }
  await climb.rung('ready', 'GET /sdapi/v1/sd-models', async () => {
    const [models, options, progress, waiting] = await Promise.all([
      api.models(signal),
      api.options(signal),
      api.progress(false, signal),
      api.waiting(signal),
    ])
    const loaded = options.sd_model_checkpoint ?? ''
    known = { model: loaded || (models[0]?.title ?? null), queue: { running: isWorking(progress) ? 1 : 0, waiting } }
    if (models.length === 0) throw new Problem('backend.no-models', { detail: '200 []' })
    return { outcome: 'proven', answered: `200 models ${models.length}`, value: null }
  })
  return climb.result(known)
}

async function authenticate({ client, api }: Probing, call: Call, stranger: HttpAnswer) {
  const { url } = client
  const { signal } = call
  const { status } = stranger
  const hasCredential = await client.hasCredential()
  if (status === 200) {
    // Who lets strangers in needs no secret, and may be any program: this throws when it is not Forge that answers.
    await api.options(signal, { credential: false })
    const page = await client.call({ ...call, path: '/config' })
    const open = reason(page.status === 401 ? 'backend.ui-only-protected' : 'backend.open', { url })
    // With a credential the API was meant to be closed, and a 200 with it proves nothing.
    const outcome = hasCredential ? ('failed' as const) : ('proven' as const)
    return { outcome, answered: '200 without credential', reason: open, value: null }
  }
  if (status === 404) {
    const { problem, settling } = await whyNotFound(client, call)
    return { outcome: 'failed', answered: '404', reason: problem.reason, settling, value: null } as const
  }
  if (!isTurnedAway(stranger, url, call)) throw answerProblem(stranger, { kind: client.kind, url, call })
  if (!hasCredential) {
    const needed = reason('backend.credential-needed', { url, status })
    return { outcome: 'refused', answered: String(status), reason: needed, value: null } as const
  }
  await api.options(signal)
  return { outcome: 'proven', answered: `${status} → 200`, value: null } as const
}
