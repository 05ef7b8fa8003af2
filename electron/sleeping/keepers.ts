import type { Service, SleepKeeper } from '../../shared/contract'
import { awakeAt } from '../../shared/week-windows'
import { hasEnded, isComing } from '../services/load'
import { leftAlone, type Acting } from './acting'

/** Jobs as the service's own line tells them, and those of Regie's own that it does not hold yet. */
function jobsOf({ own, uses }: Pick<Acting, 'own' | 'uses'>, { id, queue }: Service): SleepKeeper[] {
  const { running = 0 } = queue ?? {}
  const waiting = Math.max(queue?.waiting ?? 0, own(id) - running)
  if (running + waiting > 0) return [{ by: 'jobs', running, waiting }]
  const { going } = uses.of(id)
  return going > 0 ? [{ by: 'requests', count: going }] : []
}

/** Its hours keep it from being stopped; its models are unloaded in them all the same. */
function hoursOf({ clock }: Pick<Acting, 'clock'>, { idle }: Service): SleepKeeper[] {
  if (idle.schedule === null || idle.stopAfterMin === null) return []
  const { isAwake, until } = awakeAt(clock.now(), idle.schedule.windows)
  return isAwake ? [{ by: 'hours', until }] : []
}

/** What keeps a service from its sleep now: nothing where it sleeps, comes or goes, or where nothing puts it to sleep. */
export function keepersOf(
  acting: Pick<Acting, 'own' | 'uses' | 'clock' | 'rotatingOn'>,
  service: Service,
): SleepKeeper[] {
  const { id, operation } = service
  if (leftAlone(service) || operation !== null || isComing(service) || hasEnded(service)) return []
  const { reading, isUnseen } = acting.uses.of(id)
  const credentialId = acting.rotatingOn(id)
  return [
    ...jobsOf(acting, service),
    ...(reading > 0 ? [{ by: 'answers' as const, count: reading }] : []),
    ...hoursOf(acting, service),
    ...(credentialId === null ? [] : [{ by: 'rotation' as const, credentialId }]),
    ...(isUnseen ? [{ by: 'unseen' as const }] : []),
  ]
}
