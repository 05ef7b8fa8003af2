import { useTranslation } from 'react-i18next'
import type { LoadTest } from '../../../shared/contract'
import { describeReason } from '../../i18n'
import { formatInteger } from '../../i18n/format'
import { Panel, PanelAction } from '../../ui/Panel'
import { hrefOf } from '../../ui/route'
import { StatusIcon } from '../../ui/Status'
import { formatInto } from './view'
import c from './LoadTest.module.css'

/** Errors by kind, each with when it came first and why. */
export function Errors({ test: { serviceId, figures } }: { test: LoadTest }) {
  const { t } = useTranslation('load')
  const { errors, done, elapsedMs, errorsBy } = figures
  return (
    <Panel
      title={t('errors.title')}
      note={`${formatInteger(errors)} ${t('figure.of', { count: done + errors })}`}
      action={<PanelAction href={hrefOf('services', serviceId, 'logs')}>{t('errors.logs')}</PanelAction>}
      flush
    >
      <ul className={c.errors}>
        {errorsBy.map(({ kind, count, firstMs, reason }) => {
          const { message, hint } = describeReason(reason)
          return (
            <li key={kind}>
              <StatusIcon of="failed" />
              <span>
                <b>{formatInteger(count)}</b> {t(`errors.kind.${kind}`)}
              </span>
              <span className="num">{formatInto(firstMs, elapsedMs)}</span>
              <small>
                {message} {hint}
              </small>
            </li>
          )
        })}
        {errorsBy.length === 0 && (
          <li>
            <StatusIcon of={done > 0 ? 'succeeded' : 'idle'} />
            <span>{t('errors.none')}</span>
            <span />
            {done > 0 && <small>{t('errors.noneText')}</small>}
          </li>
        )}
      </ul>
    </Panel>
  )
}
