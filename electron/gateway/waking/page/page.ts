import { randomBytes } from 'node:crypto'
import type { Rung, Service } from '../../../../shared/contract'
import { kinds } from '../../../../shared/kinds'
import { describeProblem, type Language, type Reason } from '../../../../shared/problems'
import { headersOf, html, icon, mark, moon, tabIcon } from '../../admission/page/page'
import { words as doorWords } from '../../admission/page/words'
import type { OwnAnswer } from '../../stages'
import { againHeader } from '../../again'
import { scriptOf } from './script'
import { style } from './style'
import { wakingWords, type WakingWords } from './words'

/** What is known when somebody opens the page. Times are Unix ms, lengths ms. */
export interface Moment {
  service: Pick<Service, 'id' | 'kind' | 'name' | 'health'>
  now:
    | { is: 'coming'; why: 'start' | 'restart' | 'rotation' }
    /** It does not come; `again`: in so many seconds a request may try again. */
    | { is: 'refused'; problem: Reason; again: number | null }
  elapsedMs: number
  /** How long it takes usually; null when that was never measured. */
  usualMs: number | null
  slept: { at: number; minutes: number } | null
  wokenAt: number | null
  /** Where others wait too: which in line, and how many jobs go before. */
  line: { place: number; ahead: number } | null
  /** Its model will not fit on its card as that is now, and why; null where it does, or that is not known. */
  fit: Reason | null
  /** Whether it is within its hours, and until when that stays so; null where it has none. */
  hours: { isAwake: boolean; until: number | null } | null
  /** Host and port as the browser has them. */
  address: string
  guest: string
  language: Language
  at: number
  /** The page asks for itself once more: it has the rest already. */
  isAgain: boolean
}

/** The page asks again after so many seconds. */
const everyS = 2

/** A part of the page that its script puts a newer one in the place of. */
const part = (name: string, body: string): string => `<div data-part="${name}">${body}</div>`

/**
 * Without scripts the whole page is loaded anew. That is what WCAG 2.2.1 warns of, for it takes the reader's place away; it
 * stays for those alone who would otherwise wait before a page that never changes.
 */
const withoutScripts = `<noscript><meta http-equiv="refresh" content="${everyS}"></noscript>`

/** `48 s`, `1 min 12 s`. */
const length = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds} s`
  return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
}

/** `0.4 s`: of what was a moment ago the tenths matter. */
const since = (ms: number, said: WakingWords): string =>
  ms < 10_000 ? `${(ms / 1000).toLocaleString(said.locale, { maximumFractionDigits: 1 })} s` : length(ms)

const clock = (at: number, { locale }: WakingWords) =>
  new Date(at).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })

/** A time, with its day where that is not today. */
const day = (then: number, at: number, said: WakingWords) =>
  new Date(then).toDateString() === new Date(at).toDateString()
    ? clock(then, said)
    : new Date(then).toLocaleString(said.locale, { weekday: 'long', hour: '2-digit', minute: '2-digit' })

/** How long it has been and will be: never a bar that stands still or goes beyond its end. */
function expectation({ now, elapsedMs, usualMs }: Moment, said: WakingWords): string {
  const elapsed = length(elapsedMs)
  if (usualMs === null) return `<div class="line"><b>${html(said.soFar(elapsed))}</b></div>`
  const left = usualMs - elapsedMs
  if (left <= 0) return `<div class="line"><b>${html(said.longer(length(usualMs), elapsed))}</b></div>`
  const leftWords = (now.is === 'coming' && now.why !== 'start' ? said.held : said.left)(length(left))
  const share = Math.min(1, elapsedMs / usualMs).toFixed(3)
  return `<div class="line"><b>${html(leftWords)}</b><span>${html(said.of(elapsed, length(usualMs)))}</span></div>
<progress value="${share}" max="1" aria-label="${html(leftWords)}"></progress>`
}

const looks = {
  ...{ proven: 'done', current: 'done', probing: 'now', waiting: 'next', refused: 'failed', failed: 'failed' },
} as const satisfies Record<Rung['state'], keyof WakingWords['rungState']>

function ladder({ service, at }: Moment, said: WakingWords): string {
  const { rungs } = service.health
  const items = rungs.map(({ id, state }) => {
    const look = looks[state]
    return `<li class="${look}"><i aria-hidden="true"></i>${html(said.rung[id])}<span class="hidden">, ${html(said.rungState[look])}</span></li>`
  })
  // What the program itself answers; what is told of processes and containers is the administrators'.
  const asked = rungs.findLast((rung) => rung.asked !== '' && rung.id !== 'present' && rung.id !== 'running')
  const ago = asked?.at == null ? '' : `, ${said.lastAsked(since(Math.max(0, at - asked.at), said))}`
  const probe = asked ? `<p class="probe"><code>${html(asked.asked)}</code>${html(asked.answered + ago)}</p>` : ''
  // Told to whoever does not see it, when another rung is reached; the seconds are told to nobody who has not asked.
  const reached = rungs.find(({ state }) => looks[state] === 'now')
  const told = reached ? `${said.rung[reached.id]}, ${said.rungState.now}` : ''
  const list = items.length === 0 ? '' : `<ol aria-label="${html(said.ladder)}">${items.join('')}</ol>`
  return `<p class="hidden" role="status" data-part="told">${html(told)}</p>${part('ladder', list)}${part('probe', probe)}`
}

const people =
  '<svg width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M5 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0M3 21v-2a4 4 0 0 1 4 -4h4a4 4 0 0 1 4 4v2M16 3.13a4 4 0 0 1 0 7.75M21 21v-2a4 4 0 0 0 -3 -3.85"/></svg>'

const chip =
  '<svg width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M5 6a1 1 0 0 1 1 -1h12a1 1 0 0 1 1 1v12a1 1 0 0 1 -1 1h-12a1 1 0 0 1 -1 -1zM9 9h6v6h-6zM3 10h2M3 14h2M10 3v2M14 3v2M21 10h-2M21 14h-2M14 21v-2M10 21v-2"/></svg>'

/** Which in line one is, what else has the card, and why the service slept. */
function below({ service, line, slept, wokenAt, hours, fit, now, language, at }: Moment, said: WakingWords): string {
  const lines: string[] = []
  if (line)
    lines.push(
      `<p class="place">${people}<span><b>${html(said.place(line.place))}</b>${line.ahead > 0 ? `<span>${html(said.ahead(line.ahead))}</span>` : ''}</span></p>`,
    )
  const { problem, params = {} } = service.health
  // What else has the card, in the words in which the panel tells it, and whether there is room on it.
  const ofCard = [...(problem === 'vram.waits' ? [{ problem, params } as const] : []), ...(fit ? [fit] : [])]
  for (const one of now.is === 'coming' ? ofCard : []) {
    const { message, hint } = describeProblem(one.problem, one.params, language)
    lines.push(`<p class="place">${chip}<span><b>${html(message)}</b><span>${html(hint)}</span></span></p>`)
  }
  const why = [
    slept ? said.slept(clock(slept.at, said), slept.minutes) : '',
    slept && wokenAt !== null ? said.woken(clock(wokenAt, said)) : '',
    hours?.until ? (hours.isAwake ? said.keptUntil : said.opens)(day(hours.until, at, said)) : '',
  ].filter(Boolean)
  if (isStarting(now) && why.length > 0) lines.push(`<p class="why">${moon}<span>${html(why.join(' '))}</span></p>`)
  return lines.join('\n')
}

const isStarting = (now: Moment['now']): boolean => now.is === 'coming' && now.why === 'start'

/** A form, so that it works without a script, and no link of another page does it. */
const givingUp = (now: Moment['now'], said: WakingWords): string =>
  isStarting(now)
    ? `<form method="post" action="/_regie/waking"><button class="cancel">${html(said.cancel)}</button></form>`
    : ''

/** The card of a service that does not come: why, what to do, and a way to ask again, which a person takes. */
function refusal({ now, language }: Moment, said: WakingWords): string {
  if (now.is !== 'refused') return ''
  const { message, hint } = describeProblem(now.problem.problem, now.problem.params, language)
  return `<div class="refusal" role="alert"><p class="bad">${html(message)}</p><p>${html(hint)}</p></div>
<p><a class="open" href="">${html(said.again)}</a></p>`
}

function mainOf(moment: Moment, title: string, said: WakingWords): string {
  const { service, now } = moment
  const isComing = now.is === 'coming'
  const lead = isComing ? `<p class="lead">${html(now.why === 'start' ? said.lead : said.leadHeld)}</p>` : ''
  const card = isComing
    ? `${part('time', expectation(moment, said))}${ladder(moment, said)}`
    : refusal(moment, said) + ladder(moment, said)
  return `<main data-is="${isComing ? now.why : 'refused'}">
<span class="tile">${icon(kinds[service.kind].icon, 32)}</span>
<div><h1 tabindex="-1">${html(title)}</h1>${lead}</div>
<div class="card">${card}</div>
${part('below', below(moment, said))}
${givingUp(now, said)}
</main>`
}

/**
 * The page for a browser whose service is not ready. It asks for itself until it is: by a script, or without scripts by
 * being loaded anew.
 */
export function wakingPage(moment: Moment): OwnAnswer {
  const { service, now, language, address, guest, elapsedMs, usualMs } = moment
  const said = wakingWords[language]
  const name = service.name ?? service.id
  const nonce = randomBytes(16).toString('base64')
  const isComing = now.is === 'coming'
  const title = isComing ? said.title[now.why](name) : said.notStarted(name)
  const leftMs = usualMs === null ? 0 : usualMs - elapsedMs
  const tab = isComing && leftMs > 0 ? said.tab(length(leftMs), name) : title
  const main = mainOf(moment, title, said)
  const foot = `<footer>${mark}<span>${html(doorWords[language].foot)}</span><code>${html(address)}</code><span>${html(said.signedInAs(guest))}</span></footer>`
  const script = isComing ? `\n<script nonce="${nonce}">${scriptOf(everyS)}</script>` : ''
  const whole = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">${isComing ? withoutScripts : ''}
<title>${html(tab)}</title>
<link rel="icon" href="${tabIcon}">
<style nonce="${nonce}">${style}</style>
</head>
<body>
${main}
${foot}${script}
</body>
</html>
`
  const retry = isComing ? everyS : now.again
  return {
    own: {
      status: 503,
      headers: {
        ...headersOf(nonce, { runs: isComing }),
        ...{ [againHeader]: isComing ? 'coming' : 'refused' },
        ...(retry === null ? {} : { 'retry-after': String(retry) }),
      },
      body: moment.isAgain ? `<!doctype html>\n<title>${html(tab)}</title>\n${main}\n` : whole,
    },
  }
}

/** For the script of the page: its service is there, and is to be opened. */
export const wakingOver: OwnAnswer = {
  own: { status: 200, headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' }, body: '' },
}
