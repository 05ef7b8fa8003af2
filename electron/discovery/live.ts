import type { ServiceKind } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Surface } from '../kinds/backend'
import { askOnce } from '../credentials/proof'
import type { Secret } from '../vault/secret'
import { sameSecret } from '../credentials/secrets'

/** A service may take this long for all that it is asked, in ms. */
const patienceMs = 4000

/** More values than these are not tried on a service. */
const mostSecrets = 6

export interface Answer {
  service: 'protected' | 'open' | 'silent'
  /** What it said of each secret, in their order. */
  secrets: ('accepted' | 'refused' | 'unknown')[]
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]', '::1'])

/** Whether an address is on this machine: nobody else is shown a secret that is only supposed to be theirs. */
export const isOwnMachine = (url: string): boolean => URL.canParse(url) && loopback.has(new URL(url).hostname)

const same = (a: Secret, b: Secret) =>
  sameSecret(a.token, b.token) && sameSecret(a.password, b.password) && a.username === b.username

/** Asks a service once which of several secrets it accepts, on its first surface that refuses strangers. */
export async function askWhich(
  target: { kind: ServiceKind; url: string },
  secrets: readonly Secret[],
  { surfacesOf, signal }: { surfacesOf: (kind: ServiceKind) => readonly Surface[]; signal: AbortSignal },
): Promise<Answer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  const unknown = secrets.map(() => 'unknown' as const)
  const surface = await protectedSurface(target, surfacesOf(target.kind), limit)
  signal.throwIfAborted()
  if (typeof surface === 'string') return { service: surface, secrets: unknown }
  const asked: { secret: Secret; answer: Answer['secrets'][number] }[] = []
  const answers: Answer['secrets'] = []
  for (const secret of secrets) {
    const known = asked.find((one) => same(one.secret, secret))
    const answer =
      known?.answer ?? (asked.length < mostSecrets ? await ask(surface, target.url, secret, limit) : 'unknown')
    if (!known) asked.push({ secret, answer })
    answers.push(answer)
  }
  signal.throwIfAborted()
  return { service: 'protected', secrets: answers }
}

async function ask(surface: Surface, url: string, secret: Secret, signal: AbortSignal) {
  const answer = await askOnce(surface, url, secret, signal)
  if (answer?.status === surface.expect.right) return 'accepted'
  return answer?.refused === true ? 'refused' : 'unknown'
}

async function protectedSurface(
  { url }: { url: string },
  surfaces: readonly Surface[],
  signal: AbortSignal,
): Promise<Surface | 'open' | 'silent'> {
  let answered = false
  for (const surface of surfaces) {
    if (surface.applies && !(await surface.applies(url, signal).catch(isFalse))) continue
    const answer = await askOnce(surface, url, null, signal)
    if (answer === null) return answered ? 'open' : 'silent'
    if (answer.refused) return surface
    answered = true
  }
  return answered ? 'open' : 'silent'
}

/** A question that failed as such is a no; anything else is a bug. */
const isFalse = (error: unknown): false => {
  if (error instanceof Problem || (error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name)))
    return false
  throw error
}
