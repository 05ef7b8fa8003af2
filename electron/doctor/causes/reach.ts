import type { DoctorLine } from '../../../shared/contract'
import { isOwn } from '../collect/answers'
import { kindIds, kinds } from '../../../shared/kinds'
import { kindOf } from '../../kinds'
import type { Answer } from '../../kinds/symptoms'
import type { Evidence } from '../evidence'
import { line } from '../lines'
import { connection, fixes, fixOf, got, isLetIn, isRefused, said, type Cause, type Look } from './cause'

/** A program that stands in front says so in its headers. */
const proxyServer = /nginx|openresty|caddy|iis|traefik|envoy|cloudflare|haproxy|apache|varnish|squid|awselb|kestrel/i

const isRedirect = ({ status }: Answer) => status !== null && status >= 300 && status < 400

/** The headers by which a proxy shows. */
function marksOf({ asked, via, server, challenge }: Answer): DoctorLine[] {
  const header = (name: string, value: string) => line('header', { asked, name, value })
  return [
    ...(via === null ? [] : [header('Via', via)]),
    ...(server !== null && proxyServer.test(server) ? [header('Server', server)] : []),
    ...(challenge === null ? [] : [header('WWW-Authenticate', challenge)]),
  ]
}

/** Whether a challenge is somebody else's. */
const isForeignChallenge = ({ challenge }: Answer, e: Evidence) =>
  challenge !== null && kindOf(e.service.kind).symptoms.challenge?.test(challenge) !== true

/** Whether the answer itself is one that only a program in front gives. */
const isOfProxy = (answer: Answer, e: Evidence): boolean => {
  const { status, looks, server, via } = answer
  if (status === null || isRedirect(answer)) return false
  if (status === 407) return true
  const isMarked = via !== null || (server !== null && proxyServer.test(server))
  if ([502, 503, 504].includes(status)) return isMarked
  if (status !== 401 && status !== 403) return false
  return isForeignChallenge(answer, e) || (isMarked && !isOwn(answer) && looks !== 'empty')
}

/** Whether what answers shows that something stands in front. */
export const isBehindProxy = ({ answers: { stranger } }: Evidence): boolean =>
  stranger !== undefined && (stranger.via !== null || (stranger.server !== null && proxyServer.test(stranger.server)))

export const notRunning: Cause = {
  id: 'not-running',
  severity: 'warning',
  look(e) {
    const { stranger } = e.answers
    if (!stranger) return null
    const evidence = said(e, 'stranger')
    if (stranger.status !== null) return { state: 'ruled-out', evidence }
    const { id, isManaged, runs } = e.service
    const act = isManaged ? fixOf({ kind: runs ? 'restart' : 'start', serviceId: id }) : null
    const { webThread } = e.log
    if (webThread !== null)
      return {
        state: 'proven',
        evidence: [...evidence, line('log', { text: webThread })],
        problem: 'doctor.web-thread-ended',
        params: { id, line: webThread },
        fixes: fixes(act, connection(e)),
      }
    return { state: 'proven', evidence, params: { url: e.service.url }, fixes: fixes(act, connection(e)) }
  },
}

/** Pages of gradio, without an API: Forge that was started without it, or that could not add it. */
export const isGradio = ({ answers: { stranger, config } }: Evidence): boolean =>
  stranger?.status === 404 && (config?.status === 401 || config?.looks === 'gradio')

export const wrongPort: Cause = {
  id: 'wrong-port',
  severity: 'warning',
  look(e) {
    const { stranger, ours, ping } = e.answers
    const { kind, url, id } = e.service
    if (!stranger || stranger.status === null) return null
    const program = kinds[kind].name
    // A sign-in in front hides it from strangers alone.
    if (isOwn(stranger) || (ours && isOwn(ours)))
      return { state: 'ruled-out', evidence: [line('its-kind', { program })] }
    const evidence = [...said(e, 'stranger'), ...(e.program === null ? [] : [line('program', { program: e.program })])]
    // Forge without its API routes is Forge all the same; a proxy or a bare refusal may hide anything.
    const isWebui = ping?.looks === 'empty-object' || isGradio(e)
    const isHidden = isRedirect(stranger) || isOfProxy(stranger, e) || stranger.refused
    const isKnownOther = ['Regie', ...kindIds.map((id) => kinds[id].name)].includes(e.program ?? '')
    if (isWebui || (isHidden && !isKnownOther)) return { state: 'unknown', evidence }
    const act = e.otherAddress === null ? null : fixOf({ kind: 'address', serviceId: id, url: e.otherAddress })
    return {
      state: 'proven',
      evidence,
      params: { url, program: e.program ?? got(stranger) },
      fixes: fixes(act, connection(e)),
    }
  },
}

export const redirect: Cause = {
  id: 'redirect',
  severity: 'warning',
  look(e) {
    const { stranger } = e.answers
    if (!stranger || stranger.status === null) return null
    const evidence = [...said(e, 'stranger')]
    if (!isRedirect(stranger)) return { state: 'ruled-out', evidence }
    // Strangers are sent to a sign-in, and the credential is let through.
    if (isLetIn(e)) return { state: 'ruled-out', evidence: said(e, 'stranger', 'ours') }
    const { id, url } = e.service
    const location = stranger.location ?? '–'
    // From http to https of the same host: only the address is wrong.
    const secure = url.replace(/^http:/, 'https:')
    const isToTls = URL.canParse(location) && new URL(location).hostname === new URL(url).hostname && secure !== url
    const act =
      isToTls && location.startsWith('https:')
        ? fixOf({ kind: 'address', serviceId: id, url: new URL(location).origin })
        : null
    return {
      state: 'proven',
      evidence: [...evidence, ...marksOf(stranger)],
      params: { location },
      fixes: fixes(act, connection(e)),
    }
  },
}

export const proxy: Cause = {
  id: 'proxy',
  severity: 'warning',
  look(e): Look | null {
    const { stranger } = e.answers
    if (!stranger || stranger.status === null) return null
    const marks = marksOf(stranger)
    const evidence = [...said(e, 'stranger', 'ours'), ...marks]
    if (isOfProxy(stranger, e) && e.answers.ours?.status !== 200)
      return { state: 'proven', evidence, params: { answer: got(stranger) }, fixes: fixes(connection(e)) }
    const isMarked = isBehindProxy(e)
    // The service holds the right token, and still never saw it.
    if (
      isMarked &&
      isOwn(stranger) &&
      isRefused(e) &&
      e.credential !== null &&
      e.log.printedToken === e.credential.print
    )
      return {
        state: 'proven',
        evidence: [...evidence, line('printed-same', { print: e.log.printedToken ?? '' })],
        problem: 'doctor.proxy-drops',
        fixes: fixes(connection(e)),
      }
    if (isMarked) return { state: 'present', evidence, params: { answer: got(stranger) }, fixes: [] }
    return { state: 'ruled-out', evidence: [line('own-answer', { asked: stranger.asked })] }
  },
}
