import type { Rotation } from '../../shared/contract'
import { useTranslation } from 'react-i18next'
import { hrefOf } from '../ui/route'

/** How far a rotation is, in a card at the foot of the rail. */
export default function RotationActivity({
  rotation,
  classes: c,
}: {
  rotation: Rotation
  classes: Readonly<Record<string, string>>
}) {
  const { t } = useTranslation()
  const { credentialId: id, steps } = rotation
  const done = steps.filter(({ state }) => state === 'done').length
  const total = steps.filter((step) => step.id !== 'roll-back').length
  return (
    <a className={c['activity']} href={hrefOf('credentials', id)}>
      <span className={c['activityTitle']}>{t('activity.rotating', { id })}</span>
      <span className={c['activityStep']}>{t('activity.step', { step: Math.min(done + 1, total), total })}</span>
      <span className={c['activityTrack']} data-tells>
        <span style={{ width: `${(done / Math.max(total, 1)) * 100}%` }} />
      </span>
    </a>
  )
}
