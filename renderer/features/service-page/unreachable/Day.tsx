import { useTranslation } from 'react-i18next'
import type { ReachSlot } from '../../../../shared/contract'
import { formatClock, formatSpan } from '../../../i18n/format'
import { Panel } from '../../../ui/Panel'
import { slotState, sumsOf } from './reach'
import c from './Unreachable.module.css'

/** Below the bars stand so many times of day. */
const timesBelow = 4

/** A day in quarters of an hour: what was not watched is a gap, never an answer. */
export function Day({ slots }: { slots: readonly ReachSlot[] }) {
  const { t } = useTranslation('unreachable')
  const sums = sumsOf(slots)
  const { answered, failed, unwatched } = sums
  const note =
    answered === 0
      ? t('day.never')
      : t('day.note', {
          answered: formatSpan(answered),
          failed: formatSpan(failed),
          unwatched: formatSpan(unwatched),
        })
  return (
    <Panel title={t('day.title')} note={note} className={c.panel}>
      {answered === 0 ? (
        <p className={c.never}>{t('never')}</p>
      ) : (
        <>
          <div className={c.day} role="img" aria-label={note}>
            {slots.map((slot) => (
              <i key={slot.at} data-state={slotState(slot)} title={formatClock(slot.at)} />
            ))}
          </div>
          <div className={`num ${c.hours}`} aria-hidden>
            {Array.from({ length: timesBelow }, (_, at) => {
              const slot = slots[Math.floor((at * slots.length) / timesBelow)]
              return <span key={at}>{slot && formatClock(slot.at)}</span>
            })}
            <span>{t('day.now')}</span>
          </div>
        </>
      )}
    </Panel>
  )
}
