import type { Credential, Diagnosis, DoctorStep, Service } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { createLatest } from '../async/latest'
import { adoptValue } from '../credentials/lend-places'
import type { Audit } from '../audit/audit'
import { collect, type CollectOptions, type Step } from './collect/collect'
import { walk } from './walk'

export interface DoctorOptions extends CollectOptions {
  audit: Pick<Audit, 'append'>
}

export type Doctor = ReturnType<typeof createDoctor>

const steps: readonly DoctorStep['id'][] = ['ask', 'vault', 'container', 'sinks', 'files', 'log', 'try', 'judge']

const notBegun = (id: string, { kind, url, credentialId }: Service): Diagnosis => ({
  serviceId: id,
  kind,
  url,
  credentialId,
  state: 'running',
  startedAt: Date.now(),
  finishedAt: null,
  steps: steps.map((step) => ({ id: step, state: 'waiting', tookMs: null })),
  verdict: null,
  cause: null,
  findings: [],
})

/** Does steps and notes each in the diagnosis, which is told as one begins. Throws the signal's reason. */
function noting(diagnosis: Diagnosis, { tell, signal }: { tell: (now: Diagnosis) => void; signal: AbortSignal }): Step {
  return async (stepId, work, hasSubject = true) => {
    signal.throwIfAborted()
    const entry = diagnosis.steps.find((one) => one.id === stepId)
    const began = performance.now()
    if (entry && hasSubject) entry.state = 'running'
    tell(structuredClone(diagnosis))
    const result = await work()
    const tookMs = Math.round(performance.now() - began)
    if (entry) Object.assign(entry, hasSubject ? { state: 'done', tookMs } : { state: 'skipped' })
    return result
  }
}

/** Why a service refuses its credential. It reads and asks; what mends is done by the procedures that its fixes name. */
export function createDoctor(options: DoctorOptions) {
  const { services, audit } = options

  /** Tells the diagnosis after each step, the finished one last. Ends without it when the signal is aborted. */
  async function* follow(
    id: string,
    { who, signal }: { who: string; signal: AbortSignal },
  ): AsyncGenerator<Diagnosis, void, undefined> {
    const diagnosis = notBegun(id, services.get(id))
    const leaving = new AbortController()
    const ended = AbortSignal.any([signal, leaving.signal])
    const news = createLatest<Diagnosis>()
    const step = noting(diagnosis, { tell: news.put, signal: ended })
    const work = (async () => {
      const { evidence } = await collect(options, id, { step, signal: ended })
      await step('judge', () => Promise.resolve(Object.assign(diagnosis, walk(evidence))))
      Object.assign(diagnosis, { state: 'done', finishedAt: Date.now() })
      const details = { verdict: diagnosis.verdict ?? '', cause: diagnosis.cause ?? '' }
      await audit.append({ who, action: 'service.diagnosed', target: id, details })
    })().finally(() => news.end())
    // Told below; until then nobody listens to it.
    work.catch(() => undefined)
    try {
      yield structuredClone(diagnosis)
      for (let now = await news.next(); now; now = await news.next()) yield now
      await work
      yield diagnosis
    } finally {
      leaving.abort()
    }
  }

  return {
    follow,

    async diagnose(id: string, { who, signal }: { who: string; signal: AbortSignal }): Promise<Diagnosis> {
      let last: Diagnosis | null = null
      for await (const diagnosis of follow(id, { who, signal })) last = diagnosis
      if (!last) throw new Error('a diagnosis ended without having begun')
      return last
    },

    adoptLive: (id: string, what: Adopting) => adoptLive(options, id, what),
  }
}

interface Adopting {
  fingerprint: string
  who: string
  signal: AbortSignal
}

/** Takes a value that stands in the container or in the command line, and that the service lets in, into the vault. */
async function adoptLive(
  options: DoctorOptions,
  id: string,
  { fingerprint, who, signal }: Adopting,
): Promise<Credential> {
  const { credentialId } = options.services.get(id)
  const step: Step = (_, work) => work()
  const { candidates } = await collect(options, id, { step, signal })
  const found = candidates.find(({ seen }) => seen.isAccepted === true && seen.shape?.print === fingerprint)
  if (!found || credentialId === null) throw new Problem('doctor.gone', { id })
  const { secret, seen } = found
  return adoptValue(options.credentials, {
    id: credentialId,
    field: seen.field,
    value: found.value,
    username: secret.username,
    from: { path: seen.place, key: '' },
    who,
  })
}
