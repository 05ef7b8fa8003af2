import { alertRules, type AlertRuleId } from '../../shared/alert-rules'
import type { Alert, PanelEvent, Update } from '../../shared/contract'
import { describeProblem, isProblemId, type Language } from '../../shared/problems'

/** A generation that took less is seen by whoever waits for it, in ms. */
const worthTellingMs = 10_000
const longestPrompt = 120

const words = {
  en: {
    finished: (service: string) => `Images ready on ${service}`,
    failed: (service: string) => `Generation failed on ${service}`,
    committed: (id: string) => `${id} was rotated`,
    rolledBack: (id: string) => `${id}: the rotation was rolled back`,
    stuck: (id: string) => `${id}: the rotation could not be rolled back`,
    due: (id: string) => `${id}: rotation due`,
    dueBody: 'Its secret is older than its policy allows.',
    updated: (service: string, version: string) => `${service} was updated to ${version}`,
    updatedBody: 'The former version can be brought back.',
    updateBack: (service: string) => `${service}: the update was rolled back`,
    updateStuck: (service: string) => `${service}: the update could not be rolled back`,
    look: 'Open Regie for details.',
    alerts: (count: number) => `Regie: ${count} alerts`,
    over: 'Over',
    test: 'Regie: a test',
    testBody: 'Notifications work. Nothing is wrong.',
    proven: 'The old secret is refused, the new one accepted.',
    unused: 'No service uses it, so there was nothing to verify.',
  },
  fr: {
    finished: (service: string) => `Images prêtes sur ${service}`,
    failed: (service: string) => `Échec de la génération sur ${service}`,
    committed: (id: string) => `${id} a été renouvelé`,
    rolledBack: (id: string) => `${id} : le renouvellement a été annulé`,
    stuck: (id: string) => `${id} : le renouvellement n’a pas pu être annulé`,
    due: (id: string) => `${id} : renouvellement à faire`,
    dueBody: 'Son secret est plus ancien que sa politique ne l’autorise.',
    updated: (service: string, version: string) => `${service} est passé à la version ${version}`,
    updatedBody: 'La version précédente peut être rétablie.',
    updateBack: (service: string) => `${service} : la mise à jour a été annulée`,
    updateStuck: (service: string) => `${service} : la mise à jour n’a pas pu être annulée`,
    look: 'Ouvrez Regie pour les détails.',
    alerts: (count: number) => `Regie : ${count} alertes`,
    over: 'Terminé',
    test: 'Regie : un test',
    testBody: 'Les notifications fonctionnent. Tout va bien.',
    proven: 'L’ancien secret est refusé, le nouveau est accepté.',
    unused: 'Aucun service ne l’utilise : il n’y avait rien à vérifier.',
  },
} satisfies Record<Language, unknown>

export interface Announcement {
  title: string
  body: string
}

const inWords = (reason: { problem: string; params: Record<string, string | number>; message: string }, to: Language) =>
  isProblemId(reason.problem) ? describeProblem(reason.problem, reason.params, to).message : reason.message

/** What an update ended with; null for one that goes on, or that a person ended. */
function ofUpdate({ state, serviceId, to, reason, notBack }: Update, language: Language): Announcement | null {
  const say = words[language]
  const because = (cause: Update['reason']) => (cause ? inWords(cause, language) : say.look)
  switch (state) {
    case 'switched':
      return { title: say.updated(serviceId, to), body: say.updatedBody }
    case 'rolled-back':
      return reason ? { title: say.updateBack(serviceId), body: because(reason) } : null
    case 'failed':
      return { title: say.updateStuck(serviceId), body: because(notBack ?? reason) }
    case 'running':
    case 'rolling-back':
    case 'kept':
      return null
  }
}

/** Whose beginning is announced by what happened itself. */
const announcedAlready: ReadonlySet<AlertRuleId> = new Set(['rotation-failed', 'rotation-due', 'update-failed'])

/** So many alerts have a line of their own. */
const mostLines = 4

/** Alerts that were raised or are over, several as one; a test where there are none. */
function ofAlerts(alerts: readonly Alert[], language: Language): Announcement | null {
  const say = words[language]
  if (alerts.length === 0) return { title: say.test, body: say.testBody }
  const lines = alerts
    .filter(({ rule }) => !announcedAlready.has(rule))
    .map(({ rule, subject, overAt, reason }) => {
      const name = [alertRules[rule].words[language], ...(subject === null ? [] : [subject])].join(': ')
      return {
        title: overAt === null ? name : `${say.over} – ${name}`,
        body: reason ? inWords(reason, language) : say.look,
      }
    })
  const [first] = lines
  if (!first || lines.length === 1) return first ?? null
  return {
    title: say.alerts(lines.length),
    body: lines
      .slice(0, mostLines)
      .map(({ title }) => title)
      .join('\n'),
  }
}

/** What to tell somebody who does not look at the window; null for what can wait until they do. */
export function announcementOf(event: PanelEvent, language: Language): Announcement | null {
  const say = words[language]
  if (event.type === 'generation') {
    const { state, serviceId, params, timings, error } = event.generation
    const body = params.prompt.slice(0, longestPrompt)
    if (state === 'failed') return { title: say.failed(serviceId), body: error ? inWords(error, language) : body }
    return state === 'succeeded' && (timings.totalMs ?? 0) >= worthTellingMs
      ? { title: say.finished(serviceId), body }
      : null
  }
  if (event.type === 'rotation-due') return { title: say.due(event.credentialId), body: say.dueBody }
  if (event.type === 'alert-told') return ofAlerts(event.alerts, language)
  if (event.type === 'update') return ofUpdate(event.update, language)
  if (event.type !== 'rotation') return null
  const { state, credentialId, reason, proof } = event.rotation
  switch (state) {
    case 'running':
      return null
    case 'committed':
      return { title: say.committed(credentialId), body: proof.length > 0 ? say.proven : say.unused }
    case 'rolled-back':
      return { title: say.rolledBack(credentialId), body: reason ? inWords(reason, language) : say.look }
    case 'failed':
      return { title: say.stuck(credentialId), body: reason ? inWords(reason, language) : say.look }
  }
}
