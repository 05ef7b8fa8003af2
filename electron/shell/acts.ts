import type { Alert, AttentionKind, PanelEvent } from '../../shared/contract'
import type { Language } from '../../shared/problems'
import { places, placeOfEvent, type Place } from './places'
import type { Asking } from './tray'

/** What a notification offers to do beside opening its place. */
export type Act = { what: 'open' } | { what: 'restart'; serviceId: string } | { what: 'snooze'; about: string }

const words = {
  en: { open: 'Open', restart: 'Restart service', snooze: 'Snooze 1 h' },
  fr: { open: 'Ouvrir', restart: 'Redémarrer le service', snooze: 'Plus tard (1 h)' },
} satisfies Record<Language, Record<Act['what'], string>>

export const actWords = ({ what }: Act, language: Language): string => words[language][what]

/** What a restart may mend. */
const restartable: ReadonlySet<AttentionKind> = new Set(['service-unhealthy', 'check', 'pending'])

function ofAlert({ kind, subject, about, overAt }: Alert): Act[] {
  if (overAt !== null) return [{ what: 'open' }]
  return [
    ...(restartable.has(kind) && subject !== null ? [{ what: 'restart' as const, serviceId: subject }] : []),
    { what: 'open' },
    { what: 'snooze', about },
  ]
}

/** What can be done about what a notification tells of. */
export function actsOf(event: PanelEvent): Act[] {
  switch (event.type) {
    case 'alert-told': {
      const [first, ...others] = event.alerts
      return first && others.length === 0 ? ofAlert(first) : [{ what: 'open' }]
    }
    case 'generation':
    case 'rotation':
    case 'rotation-due':
    case 'update':
      return [{ what: 'open' }]
    default:
      return []
  }
}

/** The place where something is seen to, where doing it from here was refused. */
function placeOfAct(act: Act, event: PanelEvent): Place {
  return act.what === 'restart' ? places.service(act.serviceId) : placeOfEvent(event)
}

/**
 * Does it as the page would, through the same door: where Regie is locked, or asks for a proof, or refuses, the place opens
 * that says why and asks for what is missing.
 */
export async function doAct(
  act: Act,
  event: PanelEvent,
  { ask, open }: { ask: Asking; open: (place: Place) => void },
): Promise<void> {
  const asked = () => {
    switch (act.what) {
      case 'open':
        return null
      case 'restart':
        return ask('POST', `services/${encodeURIComponent(act.serviceId)}/restart`)
      case 'snooze':
        return ask('POST', 'attention/snoozes', { about: act.about, length: 'hour' })
    }
  }
  const answer = await asked()
  await answer?.body?.cancel()
  if (!answer?.ok) open(placeOfAct(act, event))
}
