import { useTranslation } from 'react-i18next'
import type { ReachTry } from '../../../../shared/contract'
import { formatClock, formatDuration } from '../../../i18n/format'
import { Panel } from '../../../ui/Panel'
import c from './Unreachable.module.css'

/** What the service was asked last, and what came back; equal checks in a row are one line. */
export function Tries({ tries }: { tries: readonly ReachTry[] }) {
  const { t } = useTranslation('unreachable')
  if (tries.length === 0) return null
  return (
    <Panel title={t('tries.title')} note={t('tries.note')} className={c.panel}>
      <ol className={`mono ${c.tries}`}>
        {tries.map(({ at, asked, answered, isThere, tookMs, times }) => (
          <li key={at} data-there={isThere || undefined}>
            <time>{formatClock(at)}</time>
            <span className="ellipsis">{asked}</span>
            <b className="ellipsis">{times > 1 ? t('tries.times', { answered, count: times }) : answered}</b>
            <span className={c.took}>{formatDuration(tookMs)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
