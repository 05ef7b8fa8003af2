import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Golden } from '../../../shared/contract'
import { formatClock, formatDay, formatDuration } from '../../i18n/format'
import { Panel, PanelAction } from '../../ui/Panel'
import { StatusIcon } from '../../ui/Status'
import { percentOf } from './Findings'
import { statusOfCheck } from './view'
import c from './Golden.module.css'

const isToday = (at: number) => new Date(at).toDateString() === new Date().toDateString()

/** So many are shown at first. */
const few = 8

/** The checks of the last thirty days as a table. */
export function CheckList({ golden: { checks, slowerLimitPct } }: { golden: Golden }) {
  const { t } = useTranslation('golden')
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? checks : checks.slice(0, few)
  return (
    <Panel
      title={t('list.title')}
      note={t('list.note', { count: checks.length })}
      action={
        checks.length > few && (
          <PanelAction onClick={() => setWhole(!isWhole)}>{t(isWhole ? 'list.few' : 'list.all')}</PanelAction>
        )
      }
      flush
    >
      <div className={c.scroll} role="region" aria-label={t('list.table')} tabIndex={0}>
        <table className={c.list}>
          <thead>
            <tr>
              <th scope="col">{t('list.check')}</th>
              <th scope="col">{t('figure.cold')}</th>
              <th scope="col">{t('figure.warm')}</th>
              <th scope="col">{t('list.when')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((check) => {
              const { id, trigger, state, slowerPct, coldMs, warmMs, startedAt } = check
              const isSlow = slowerPct !== null && slowerPct > slowerLimitPct
              const words =
                state === 'passed' ? (isSlow ? percentOf(slowerPct) : t(`trigger.${trigger}`)) : t(`state.${state}`)
              return (
                <tr key={id} data-state={state === 'failed' ? 'failed' : undefined}>
                  <th scope="row">
                    <StatusIcon of={statusOfCheck(check, slowerLimitPct)} size={15} />
                    <span>
                      {words}
                      {state === 'passed' && <span className="visually-hidden">, {t('state.passed')}</span>}
                    </span>
                  </th>
                  <td className="num">{coldMs === null ? '–' : formatDuration(coldMs)}</td>
                  <td className="num">{warmMs === null ? '–' : formatDuration(warmMs)}</td>
                  <td>
                    <time dateTime={new Date(startedAt).toISOString()}>
                      {isToday(startedAt) ? formatClock(startedAt) : formatDay(startedAt)}
                    </time>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
