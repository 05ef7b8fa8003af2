import { useTranslation } from 'react-i18next'
import type { Update } from '../../../shared/contract'
import { updateHref } from '../../ui/route'
import { standing } from './view'

interface UpdateActivityProps {
  update: Update
  /** How a long action's card looks in the rail. */
  classes: Readonly<Record<string, string>>
}

/** An update that goes on, as a card at the foot of the rail that leads back to it. */
export default function UpdateActivity({ update: { serviceId, state, steps }, classes: c }: UpdateActivityProps) {
  const { t } = useTranslation(['updates', 'common'])
  const { step, count, id } = standing(steps)
  return (
    <a className={c['activity']} href={updateHref(serviceId)}>
      <span className={c['activityTitle']}>
        {t(state === 'rolling-back' ? 'activity.back' : 'activity.title', { id: serviceId })}
      </span>
      <span className={c['activityStep']}>
        {t('common:activity.step', { step, total: count })}
        <span className={c['activityName']}>, {t(`pill.running.${id}`).toLowerCase()}</span>
      </span>
      <span className={c['activityTrack']} data-tells>
        <span style={{ width: `${(step / count) * 100}%` }} />
      </span>
    </a>
  )
}
