import type { ExposureRow, ExposureVerdict } from '../../shared/contract'
import type { Surface } from './backend'
import { guardOf, type RefusalEvidence } from './refusal'
import type { QuestionId } from './symptoms'

/**
 * One route of a kind of service, and what asks it. All that proof, exposure test and doctor ask of a service stands in
 * one table of these, in the order in which it is shown.
 */
export interface SurfaceRow {
  /** Results of exposure tests are kept under it. */
  id: string
  method: 'GET' | 'HEAD' | 'POST' | 'WS'
  path: string
  headers?: Record<string, string>
  /** The body of a POST. */
  json?: string
  /** A credential protects it, so that a proof asks it with any secret or none. */
  proof?: Pick<Surface, 'purpose' | 'applies'> & {
    /** In place of the usual 401 and 200. */
    expect?: Partial<Surface['expect']>
    /** How it is asked where a header with the secret will not do. */
    ask?: Surface['ask']
  }
  /** A stranger may ask it: it only reads. */
  exposure?: Exposure
  /** What the doctor calls its answer to a stranger. */
  doctor?: QuestionId
}

/** How the exposure test asks, and what it makes of the answer. */
export interface Exposure extends Pick<ExposureRow, 'purpose' | 'stake'> {
  /** Left out: asked with nothing. */
  with?: Exclude<ExposureRow['with'], 'nothing'>
  /** Left out: a refusal. */
  expected?: ExposureRow['expected']
  query?: string
  /** Whether the page's text decides; otherwise nothing but the status and the headers is read. */
  readsBody?: boolean
  /** Asked before the others; its verdict is their context. */
  sets?: keyof ExposureContext
  /** Left out: `mustRefuse`. */
  judge?: Judge
}

/** What the first questions of a round told, against which the others are judged. */
export interface ExposureContext {
  /** The plain API, asked with nothing: how this service treats a stranger. */
  api: ExposureVerdict
  /** The same of the web interface's own routes. */
  ui: ExposureVerdict
}

/** What a stranger was answered. */
export interface StrangerAnswer extends RefusalEvidence {
  /** The absolute URL that was asked, against which a redirect is read. */
  url: string
  body: string
}

export type Judge = (answer: StrangerAnswer, context: ExposureContext) => ExposureVerdict

const succeeded = (status: number) => status === 101 || (status >= 200 && status < 300)

/** A route that must be refused: an answer is an exposure, a missing route is none. */
export const mustRefuse: Judge = (answer) => {
  const { status } = answer
  if (status === null) return 'unreachable'
  const guard = guardOf(answer, answer.url)
  if (guard) return guard
  if (succeeded(status)) return 'exposed'
  return status === 404 ? 'absent' : 'unclear'
}

/** A route whose handler refuses our harmless question itself: once it was reached, the guard has let us in. */
export const reached =
  (where: keyof ExposureContext): Judge =>
  (answer, context) => {
    const plain = mustRefuse(answer, context)
    if (plain !== 'absent' && plain !== 'unclear') return plain
    return context[where] === 'exposed' ? 'exposed' : plain
  }

/** A route that no flag of the program guards: whoever reaches the port may read it. */
export const forAnybody: Judge = (answer) => {
  if (answer.status === null) return 'unreachable'
  if (guardOf(answer, answer.url)) return 'guarded'
  // 405: the route is there, and asked with another method.
  if (succeeded(answer.status) || answer.status === 405) return 'open'
  return answer.status === 404 ? 'absent' : 'unclear'
}

/** A name that no file and no user of a service has. */
export const nobody = 'regie-exposure-test'
