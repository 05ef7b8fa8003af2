import { Button } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert, AlertDelivery, Alerts } from '../../../shared/contract'
import { formatList, formatSpan } from '../../i18n/format'
import { Age, Ago } from '../../ui/Ago'
import { DotsButton } from '../../ui/DotsButton'
import { MenuButton } from '../../ui/MenuButton'
import { Panel } from '../../ui/Panel'
import { hrefOf } from '../../ui/route'
import { Empty } from '../../ui/States'
import { StatusIcon } from '../../ui/Status'
import c from './Alerts.module.css'
import { useMuteEntries } from './muting'
import { markOf } from './Rules'
import { alertWords, channelNames, useNameOf } from './words'

const shownAtFirst = 8

/** What became of an alert in each channel, the newest state of each. */
function useDeliveries(alerts: Alerts): (alert: Alert) => string {
  const { t } = useTranslation('alerts')
  const namesOf = channelNames(alerts.channels)
  const words = { sent: 'sent', waiting: 'waiting', held: 'held', 'given-up': 'givenUp' } as const
  return ({ deliveries, muted }) => {
    if (muted) return t('history.muted')
    const last = new Map(deliveries.map((one) => [one.channelId, one.state]))
    const of = (state: AlertDelivery['state']) => [...last].flatMap(([id, now]) => (now === state ? [id] : []))
    const told = (['sent', 'waiting', 'held', 'given-up'] as const).flatMap((state) => {
      const ids = of(state)
      return ids.length === 0 ? [] : [t(`history.${words[state]}`, { channels: formatList(namesOf(ids)) })]
    })
    return told.length === 0 ? t('history.panel') : told.join('; ')
  }
}

function Line({ alert, alerts }: { alert: Alert; alerts: Alerts }) {
  const { t } = useTranslation('alerts')
  const { title, why } = alertWords(alert, useNameOf())
  const deliveries = useDeliveries(alerts)(alert)
  const entries = useMuteEntries(alerts.mutes)
  const { leadsTo, overAt } = alert
  return (
    <li>
      <span className={c.at}>
        <Ago at={alert.raisedAt} />
      </span>
      <StatusIcon of={overAt === null ? markOf[alert.severity] : 'ready'} size={18} />
      <span className={c.two}>
        <a href={hrefOf(leadsTo.page, leadsTo.id, leadsTo.tab)}>{title}</a>
        {why !== '' && <span>{why}</span>}
        <span>{deliveries}</span>
      </span>
      <span className={`num ${c.quiet}`}>
        {overAt === null ? <Age since={alert.raisedAt} /> : formatSpan(Math.max(0, overAt - alert.raisedAt))}
      </span>
      <span className={c.more}>
        {overAt === null && (
          <MenuButton entries={() => entries({ what: 'alert', about: alert.about })}>
            <DotsButton label={t('history.more', { what: title })} />
          </MenuButton>
        )}
      </span>
    </li>
  )
}

/** What was raised and what became of it, newest first. */
export function History({ alerts }: { alerts: Alerts }) {
  const { t } = useTranslation('alerts')
  const [isOpen, setOpen] = useState(false)
  const { history } = alerts
  return (
    <Panel title={t('history.title')} note={t('history.note')} flush>
      {history.length === 0 ? (
        <Empty icon={IconHistory} title={t('history.emptyTitle')}>
          {t('history.emptyText')}
        </Empty>
      ) : (
        <ul className={c.history}>
          {(isOpen ? history : history.slice(0, shownAtFirst)).map((alert) => (
            <Line key={alert.id} alert={alert} alerts={alerts} />
          ))}
        </ul>
      )}
      {history.length > shownAtFirst && (
        <Button
          variant="subtle"
          color="gray"
          className={c.unfold}
          onClick={() => setOpen(!isOpen)}
          aria-expanded={isOpen}
        >
          {isOpen ? t('history.fewer') : t('history.all', { count: history.length })}
        </Button>
      )}
    </Panel>
  )
}
