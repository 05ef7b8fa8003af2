import { Problem, reason } from '../../../shared/problems'
import type { BackendProbe } from '../backend'
import { answerProblem, isTurnedAway, type BackendClient, type Call } from '../client'
import { createClimb } from '../evidence'
import type { HttpAnswer } from '../http'
import type { ReadAs } from '../reading/readings'
import type { BackendTiming } from '../timing'
import type { ComfyApi } from './api'
import { checkpointOf, defaultOf, noKnownModel, standings } from './choose'
import { hasModels, type Offer } from './offer'

interface Probing {
  client: BackendClient
  api: ComfyApi
  timing: BackendTiming
  offer: (signal: AbortSignal) => Promise<Offer>
}

/**
 * Climbs from `listening` to `ready`. Protected means a refusal without the credential and 200 with it: either alone
 * proves nothing, so the server is first asked as a stranger would.
 */
export async function probeComfyui(
  probing: Probing,
  signal: AbortSignal,
  upTo?: 'authenticated',
): Promise<BackendProbe> {
  const { client, api, timing, offer } = probing
  const climb = createClimb()
  const call: Call = {
    ...{ path: '/system_stats', timeoutMs: timing.callMs, credential: false, signal },
    ...{ kind: 'probe', take: { 200: 'nothing' } },
  }
  const stranger = await climb.rung('listening', 'GET /system_stats', async () => {
    const value = await client.call(call)
    return { outcome: 'proven', answered: String(value.status), value }
  })
  if (!stranger) return climb.result()
  const authenticated = await climb.rung('authenticated', 'GET /system_stats', () =>
    authenticate(probing, call, stranger.value),
  )
  if (!authenticated) return climb.result()

  if (upTo === 'authenticated') return climb.result()
  let known: Omit<BackendProbe, 'evidence'> = { model: null, queue: null }
  await climb.rung('ready', 'GET /queue', async () => {
    const [items, offered] = await Promise.all([api.queue(signal), offer(signal)])
    const queue = { running: items.queue_running.length, waiting: items.queue_pending.length }
    const all = standings(offered)
    const usual = defaultOf(all, 'text')
    known = { model: usual && checkpointOf(usual), queue }
    const answered = `200 running ${queue.running} waiting ${queue.waiting}`
    if (usual) return { outcome: 'proven', answered, value: null }
    // Models that Regie does not know run in anybody's own workflow: the service is ready, and has no default.
    if (hasModels(offered))
      return { outcome: 'proven', answered, reason: noKnownModel(all, 'text').reason, value: null }
    return { outcome: 'failed', answered, reason: reason('backend.no-models'), value: null }
  })
  return climb.result(known)
}

async function authenticate({ client, api }: Probing, call: Call, stranger: HttpAnswer) {
  const { url } = client
  const { signal } = call
  const { status } = stranger
  const refused = (answered: string, why = reason('backend.credential-needed', { url, status })) =>
    ({ outcome: 'refused', answered, reason: why, value: null }) as const
  const failed = (answered: string, id: 'backend.open' | 'backend.empty-token') =>
    ({ outcome: 'failed', answered, reason: reason(id, { url }), value: null }) as const

  const hasCredential = await client.hasCredential()
  if (status === 200) {
    // Who lets strangers in needs no secret, and may be any program: this throws when it is not ComfyUI that answers.
    const version = versionOf(await api.stats(signal, { credential: false }))
    const open = failed('200 without credential', 'backend.open')
    // With a credential the server was meant to be closed: a custom node that failed to load leaves it open.
    return { ...open, ...version, outcome: hasCredential ? ('failed' as const) : ('proven' as const) }
  }
  if (!isTurnedAway(stranger, url, call)) throw answerProblem(stranger, { kind: client.kind, url, call })
  if (!hasCredential) return refused(String(status))
  try {
    const version = versionOf(await api.stats(signal))
    return { outcome: 'proven', answered: `${status} → 200`, value: null, ...version } as const
  } catch (error) {
    if (!(error instanceof Problem) || error.id !== 'backend.refused') throw error
    // ComfyUI-Login without a PASSWORD file has an empty token, which opens it to everybody (password.py).
    const empty = await client.call({ ...call, path: `${call.path}?token=` })
    if (empty.status === 200) return failed('200 with an empty token', 'backend.empty-token')
    return refused(`${status} → ${error.params['status'] ?? status}`, error.reason)
  }
}

const versionOf = ({ system: { comfyui_version: version } }: ReadAs<'system-stats'>) =>
  version === undefined ? {} : { version }
