import { alertRules, alertSeverities, type AlertSeverity } from '../../shared/alert-rules'
import type { Alert } from '../../shared/contract'
import { plainText } from '../../shared/plain-text'
import { describeProblem, isProblemId, type Language, type ProblemParams } from '../../shared/problems'
import type { Message, MessageLine } from './channels'
import type { KeptAlert, Notice } from './kept'

/** Of so many alerts each has a line; the rest is counted. */
const mostLines = 15
const longestLine = 300

const words = {
  en: {
    test: 'Regie: a test',
    testText: 'This is a test of this channel. Nothing is wrong.',
    firing: (count: number) => `${count} alerts`,
    over: (count: number) => `${count} over`,
    isOver: 'Over',
    lasted: (minutes: number) => (minutes < 1 ? 'less than a minute' : `${minutes} min`),
    more: (count: number) => `and ${count} more`,
  },
  fr: {
    test: 'Regie : un test',
    testText: 'Ceci est un test de ce canal. Tout va bien.',
    firing: (count: number) => `${count} alertes`,
    over: (count: number) => `${count} terminées`,
    isOver: 'Terminé',
    lasted: (minutes: number) => (minutes < 1 ? 'moins d’une minute' : `${minutes} min`),
    more: (count: number) => `et ${count} de plus`,
  },
} satisfies Record<Language, unknown>

/** A reason without what it says of addresses, paths and commands. */
export type WithoutPlaces = (
  reason: { problem: string; params: ProblemParams },
  service?: string,
) => { problem: string; params: ProblemParams; message: string }

interface Wording {
  language: Language
  withoutPlaces: WithoutPlaces
  /** Takes out whatever secret there may be after all. */
  redact: (text: string) => string
}

function textOf({ alert, phase }: Omit<MessageLine, 'text'>, { language, withoutPlaces, redact }: Wording): string {
  const say = words[language]
  const { rule, subject, reason } = alert
  const name = `${alertRules[rule].words[language]}${subject === null ? '' : `: ${subject}`}`
  if (phase === 'over') {
    const minutes = Math.floor(Math.max(0, (alert.overAt ?? alert.raisedAt) - alert.raisedAt) / 60_000)
    return plainText(redact(`${say.isOver} – ${name} (${say.lasted(minutes)})`)).slice(0, longestLine)
  }
  const told = reason && withoutPlaces(reason, subject ?? undefined)
  const why = told && (isProblemId(told.problem) ? describeProblem(told.problem, told.params, language).message : '')
  return plainText(redact(why ? `${name} – ${why}` : name)).slice(0, longestLine)
}

/** One notice for each alert: what began and ended before it was told, is told as over. */
function merged(notices: readonly Notice[], alerts: ReadonlyMap<string, KeptAlert>) {
  const phases = new Map<string, Notice['phase']>()
  for (const { alertId, phase } of notices) if (phases.get(alertId) !== 'over') phases.set(alertId, phase)
  return [...phases].flatMap(([id, phase]) => {
    const alert = alerts.get(id)
    return alert ? [{ alert: shown(alert), phase }] : []
  })
}

/** An alert as it is told of. */
export const shown = ({ isTold, ...alert }: KeptAlert): Alert => ({
  ...alert,
  muted: alert.overAt === null && !isTold,
})

const weight = (severity: AlertSeverity) => alertSeverities.indexOf(severity)

function titleOf(lines: readonly MessageLine[], language: Language): string {
  const [first] = lines
  if (first && lines.length === 1) return `Regie: ${first.text}`.slice(0, 120)
  const say = words[language]
  const over = lines.filter(({ phase }) => phase === 'over').length
  const firing = lines.length - over
  return `Regie: ${[...(firing > 0 ? [say.firing(firing)] : []), ...(over > 0 ? [say.over(over)] : [])].join(', ')}`
}

/** The message that tells of some notices, worst first; null where no alert is known any more. */
export function messageOf(
  { id, at, notices }: { id: string; at: number; notices: readonly Notice[] },
  alerts: ReadonlyMap<string, KeptAlert>,
  wording: Wording,
): Message | null {
  const all = merged(notices, alerts)
    .sort((a, b) => weight(b.alert.severity) - weight(a.alert.severity))
    .map((one) => ({ ...one, text: textOf(one, wording) }))
  const [worst] = all
  if (!worst) return null
  const lines = all.slice(0, mostLines)
  const more = all.length - lines.length
  const rest = more > 0 ? [words[wording.language].more(more)] : []
  return {
    ...{ id, at, isTest: false, severity: worst.alert.severity, title: titleOf(all, wording.language), lines, more },
    text: [...lines.map(({ text }) => text), ...rest].join('\n'),
  }
}

/** What a test says: that it is one. */
export const testMessage = (id: string, at: number, language: Language): Message => ({
  ...{ id, at, isTest: true, severity: 'info', lines: [], more: 0 },
  ...{ title: words[language].test, text: words[language].testText },
})
