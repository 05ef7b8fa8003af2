import type { CauseId, DoctorAct, DoctorFix, DoctorLine } from '../../../shared/contract'
import type { ProblemId, ProblemParams } from '../../../shared/problems'
import type { Answer, QuestionId } from '../../kinds/symptoms'
import type { Evidence, SeenValue } from '../evidence'
import { line } from '../lines'

/** What one cause makes of the evidence. */
export interface Look {
  /** `proven`: it is so, and explains that the credential is not let in, or that strangers are. */
  state: 'proven' | 'present' | 'ruled-out' | 'unknown'
  evidence: DoctorLine[]
  fixes?: DoctorFix[]
  /** In place of the cause's own words. */
  problem?: ProblemId
  params?: ProblemParams
}

export interface Cause {
  id: CauseId
  /** `danger`: strangers are let in. */
  severity: 'danger' | 'warning'
  /** null: this cause does not exist for such a service. */
  look(evidence: Evidence): Look | null
}

/** What came back, in protocol terms. */
export const got = ({ status, location, error }: Answer): string =>
  status === null ? (error ?? '–') : location === null ? String(status) : `${status} → ${location}`

const answered = (answer: Answer): DoctorLine =>
  answer.status === null
    ? line('silent', { asked: answer.asked, error: answer.error ?? '' })
    : line('answered', { asked: answer.asked, answered: got(answer) })

/** One line on each question that was asked. */
export function said(e: Evidence, ...ids: QuestionId[]): DoctorLine[] {
  const words = {
    ours: 'answered-ours',
    'empty-token': 'answered-empty',
    'with-origin': 'answered-origin',
    'web-login': 'answered-form',
  } as const
  return ids.flatMap((id) => {
    const answer = e.answers[id]
    if (!answer) return []
    const special = id in words ? words[id as keyof typeof words] : null // by the check before
    if (special === null || answer.status === null) return [answered(answer)]
    const origin = e.answers.stranger?.allowOrigin ?? ''
    return [line(special, { asked: answer.asked, answered: got(answer), origin })]
  })
}

/** Whether the service turned the vault's credential away. */
export const isRefused = ({ answers: { ours } }: Evidence): boolean => ours?.refused === true

export const isLetIn = ({ answers: { ours, stranger } }: Evidence): boolean =>
  ours?.status === 200 && stranger?.refused === true

/** Nothing could be told, for the service does not answer as itself. */
export const notAsked = (): Look => ({ state: 'unknown', evidence: [line('not-asked')] })

/** What a place holds, by its shape. */
export function seenLine({ place, state, shape, field }: SeenValue): DoctorLine {
  if (state === 'unreadable') return line('unreadable', { place })
  if (state === 'missing' || shape === null) return line('missing', { place })
  if (shape.form === 'empty') return line('empty', { place })
  if (shape.form === 'other' || field !== 'token') return line('not-hash', { place, print: shape.print })
  return line('hash', { place, length: shape.length, prefix: shape.prefix, print: shape.print })
}

/** How a place's value stands to the vault's. */
export function comparedLine({ place, shape, isSame, field }: SeenValue, e: Evidence): DoctorLine {
  if (shape === null) return line('missing', { place })
  if (field === 'username') return line(isSame ? 'same-name' : 'differs-name', { place })
  if (isSame) return line('same', { place, print: shape.print })
  if (field === 'token' || e.credential?.scheme === 'basic')
    return line('differs', { place, print: shape.print, vault: e.credential?.print ?? '–' })
  return line('not-hash', { place, print: shape.print })
}

export const triedLine = ({ place, shape, isAccepted }: SeenValue): DoctorLine[] =>
  shape === null || isAccepted === null
    ? []
    : [line(isAccepted ? 'accepted' : 'refused', { place, print: shape.print })]

/** Values by where they stand. */
export const sinksOf = ({ values }: Evidence) => values.filter(({ where }) => where === 'sink')
export const givenOf = ({ values }: Evidence) => values.filter(({ where }) => where !== 'sink')

/** The part by which this service tells right from wrong. */
export const mainFieldOf = ({ credential }: Evidence) => (credential?.scheme === 'basic' ? 'password' : 'token')
export const isMain = (e: Evidence, { field }: SeenValue) => field === mainFieldOf(e)

/** A button of some acts; null where nothing is to be done. */
export const fixOf = (...acts: (DoctorAct | null)[]): DoctorFix | null => {
  const real = acts.filter((act) => act !== null)
  return real.length === 0 ? null : { id: real.map(({ kind }) => kind).join('+'), acts: real }
}
export const fixes = (...all: (DoctorFix | null)[]): DoctorFix[] => all.filter((fix) => fix !== null)

/** What makes a service read its files again. */
export function applying(e: Evidence, values: readonly SeenValue[]): DoctorAct | null {
  const serviceId = e.service.id
  if (!e.service.isManaged) return null
  if (values.some(({ needs }) => needs === 'recreate')) return { kind: 'recreate', serviceId }
  return values.some(({ needs }) => needs === 'restart') ? { kind: 'restart', serviceId } : null
}

/** Writes the vault's value to these sinks (to all when there are several), and makes the service read it. */
export function syncing(e: Evidence, sinks: readonly SeenValue[]): DoctorFix | null {
  const credentialId = e.credential?.id
  const [only, ...more] = sinks
  if (credentialId === undefined || !only) return null
  const sinkId = more.length === 0 ? only.sinkId : null
  return fixOf({ kind: 'sync', credentialId, sinkId }, applying(e, sinks))
}

export const connection = (e: Evidence) => fixOf({ kind: 'connection', serviceId: e.service.id })
