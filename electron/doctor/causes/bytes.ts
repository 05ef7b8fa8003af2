import type { DoctorFix } from '../../../shared/contract'
import type { Evidence, FileFinding, SeenValue } from '../evidence'
import { line } from '../lines'
import { isMangled } from '../shape'
import {
  fixes,
  fixOf,
  givenOf,
  isLetIn,
  isRefused,
  said,
  seenLine,
  sinksOf,
  syncing,
  triedLine,
  type Cause,
  type Look,
} from './cause'

const nothingRead = (): Look => ({ state: 'unknown', evidence: [line('nothing-to-compare')] })

const rulesOf = (e: Evidence, pattern: RegExp): FileFinding[] =>
  (e.files?.findings ?? []).filter(({ rule }) => pattern.test(rule))
const lintLines = (findings: readonly FileFinding[]) =>
  findings.slice(0, 4).map(({ file, line: at, rule }) => line('lint', { file, line: at, text: rule }))

/** What the linter mends, and the container made anew where that is needed. */
function lintFix(e: Evidence, findings: readonly FileFinding[]): DoctorFix | null {
  const ids = findings.flatMap(({ fixId }) => (fixId === null ? [] : [fixId]))
  if (ids.length === 0 || !e.files) return null
  const serviceId = e.service.id
  const needs = findings.some((finding) => finding.needs === 'recreate') ? 'recreate' : 'restart'
  return fixOf(
    { kind: 'lint-fix', serviceId, fixes: ids, files: e.files.states },
    e.service.isManaged ? { kind: needs, serviceId } : null,
  )
}

const hurt = ({ shape }: SeenValue) => shape !== null && isMangled(shape)

/** A hash that lost a part to Compose's `$`, or carries what belongs to the notation of a file. */
export const mangled: Cause = {
  id: 'mangled',
  severity: 'warning',
  look(e) {
    if (!e.credential) return null
    const tokens = e.values.filter(({ field, state }) => field === 'token' && state === 'read')
    if (tokens.length === 0) return nothingRead()
    const sinks = tokens.filter(({ where }) => where === 'sink')
    const given = tokens.filter(({ where }) => where !== 'sink')
    const [hurtSinks, hurtGiven] = [sinks.filter(hurt), given.filter(hurt)]
    const files = rulesOf(e, /^(env-dollar|yaml-dollar|hash-short)/)
    if (hurtSinks.length + hurtGiven.length === 0) {
      const ambiguous = sinks.filter(({ isAmbiguous }) => isAmbiguous)
      if (ambiguous.length > 0)
        return {
          state: 'present',
          evidence: ambiguous.map(({ place }) => line('only-mangled-by-some', { place })),
          params: { place: ambiguous[0]?.place ?? '', length: 60 },
          fixes: fixes(syncing(e, ambiguous)),
        }
      const whole = tokens.filter(({ shape }) => shape?.form === 'hash')
      return { state: 'ruled-out', evidence: [line('whole-hashes', { count: whole.length })] }
    }
    // What the service was given counts; its files only where that cannot be read, for one Compose reads them so, and
    // the other otherwise.
    const isGivenWhole = given.some(({ shape }) => shape?.form === 'hash') && hurtGiven.length === 0
    const worst = hurtGiven[0] ?? hurtSinks[0]
    const toWrite = sinks.filter((sink) => hurt(sink) || sink.isAmbiguous || !sink.isSame)
    const rewritten = toWrite.length > 0 ? toWrite : []
    return {
      state: isRefused(e) && !isGivenWhole ? 'proven' : 'present',
      evidence: [
        ...[...hurtGiven, ...hurtSinks].map(seenLine),
        ...[...hurtGiven, ...hurtSinks].flatMap(triedLine),
        ...lintLines(files),
        ...said(e, 'ours'),
      ],
      params: { place: worst?.place ?? '', length: worst?.shape?.length ?? 0 },
      fixes: fixes(
        syncing(
          e,
          rewritten.map((sink) => (hurtGiven.some(({ where }) => where === 'environment') ? anew(e, sink) : sink)),
        ),
        lintFix(e, files),
      ),
    }
  },
}

/** What changes a container's environment needs it made anew. */
const anew = (e: Evidence, sink: SeenValue): SeenValue =>
  e.service.runtime === 'compose' && !sink.isLoginFile ? { ...sink, needs: 'recreate' } : sink

/** Windows line ends: ComfyUI-Login's form and everything that takes a file byte by byte keep the carriage return. */
export const lineEnds: Cause = {
  id: 'line-ends',
  severity: 'warning',
  look(e) {
    const read = e.values.filter(({ state }) => state === 'read')
    if (!e.credential) return null
    if (read.length === 0) return nothingRead()
    const marked = read.filter(({ shape }) => shape?.hasReturn === true)
    if (marked.length === 0) return { state: 'ruled-out', evidence: [line('no-carriage-return')] }
    const { 'web-login': form } = e.answers
    const isFormRefused = form?.refused === true || (form?.status ?? 0) >= 400
    const inLoginFile = marked.some(({ isLoginFile }) => isLoginFile)
    const inGiven = givenOf(e).filter((value) => marked.includes(value) && !value.isLoginFile)
    // ComfyUI-Login strips its token: the line end keeps its form out, not its API.
    const isProof = (isLetIn(e) && inLoginFile && isFormRefused) || (isRefused(e) && inGiven.length > 0)
    const files = rulesOf(e, /^crlf/)
    return {
      state: isProof ? 'proven' : 'present',
      evidence: [
        ...marked.map(({ place }) => line('carriage-return', { place })),
        ...said(e, 'ours', 'web-login'),
        ...lintLines(files),
      ],
      params: { place: marked[0]?.place ?? '' },
      fixes: fixes(
        syncing(
          e,
          sinksOf(e).filter((sink) => marked.includes(sink)),
        ),
        lintFix(e, files),
      ),
    }
  },
}

/** A byte order mark: to a program that does not expect it, it is a part of the token. */
export const byteOrderMark: Cause = {
  id: 'byte-order-mark',
  severity: 'warning',
  look(e) {
    const read = e.values.filter(({ state }) => state === 'read')
    if (!e.credential) return null
    if (read.length === 0) return nothingRead()
    const marked = read.filter(({ shape }) => shape?.hasMark === true)
    if (marked.length === 0) return { state: 'ruled-out', evidence: [line('no-bom')] }
    const counts = marked.filter(({ isLoginFile, where }) => isLoginFile || where !== 'sink')
    const files = rulesOf(e, /^bom/)
    return {
      state: isRefused(e) && counts.length > 0 ? 'proven' : 'present',
      evidence: [...marked.map(({ place }) => line('bom', { place })), ...lintLines(files), ...said(e, 'ours')],
      params: { place: marked[0]?.place ?? '' },
      fixes: fixes(
        syncing(
          e,
          sinksOf(e).filter((sink) => marked.includes(sink)),
        ),
        lintFix(e, files),
      ),
    }
  },
}
