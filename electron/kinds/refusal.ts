/** What a refusal is told by: the status, and where a redirect leads. */
export interface RefusalEvidence {
  /** null: nothing came back. */
  status: number | null
  location: string | null
}

/** Parts of a path that lead to a sign-in, as frameworks and the usual gateways name them. */
const signInPart =
  /^[_.]?(?:log[-_]?[io]n|sign[-_]?[io]n(?:-oidc)?|auth|authelia|authenticate|authentication|authorize|oauth2?|oidc|openid-connect|saml2?|sso|cas|accounts?|sessions?)(?:\.\w+)?$/i

/** A redirect without what follows the path: that may be long, or repeat a token. */
export const placeOf = (location: string): string => location.replace(/[?#].*$/, '').slice(0, 80)

const withoutSlash = (path: string) => path.replace(/\/+$/, '')

/**
 * Whether a redirect leads to a sign-in: to a path that is named after one, or, with another path, to another host. The
 * same path elsewhere, and the same host over TLS, only say where the service is; any other path of its own host is the
 * program's business. `asked` is the absolute URL of the question.
 */
export function leadsToSignIn(location: string, asked: string): boolean {
  if (!URL.canParse(location, asked)) return false
  const [from, to] = [new URL(asked), new URL(location, asked)]
  const isToTls = from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname
  const isSameHost = from.host === to.host || isToTls
  const isSamePath = withoutSlash(from.pathname) === withoutSlash(to.pathname)
  if (isSamePath && (isSameHost || from.search === to.search)) return false
  return !isSameHost || to.pathname.split('/').some((part) => signInPart.test(part))
}

/**
 * The one definition of a refusal, for the ladder, the proof, the exposure test and the doctor: 401, 403, 407, or a redirect
 * to a sign-in. After any of them the credential is tried. What a proxy says of a service that is down (502, 503, 504)
 * refuses nobody.
 */
export function isRefusal({ status, location }: RefusalEvidence, asked: string): boolean {
  if (status === null) return false
  if (status === 401 || status === 403 || status === 407) return true
  return status >= 300 && status < 400 && location !== null && leadsToSignIn(location, asked)
}

/** What an answer says of a guard: `unclear` proves nothing, null is neither a refusal nor a failure. */
export function guardOf(answer: RefusalEvidence, asked: string): 'guarded' | 'unclear' | null {
  const { status } = answer
  if (status === null) return null
  if (isRefusal(answer, asked)) return 'guarded'
  return (status >= 300 && status < 400) || status === 429 || status >= 500 ? 'unclear' : null
}

/** The same for a sign-in form that was filled in: gradio's refuses with 400, ComfyUI-Login's leads back to itself. */
export const isFormRefusal = (answer: RefusalEvidence, asked: string): boolean =>
  isRefusal(answer, asked) ||
  answer.status === 400 ||
  (answer.location !== null && answer.location.includes(asked.slice(asked.lastIndexOf('/'))))
