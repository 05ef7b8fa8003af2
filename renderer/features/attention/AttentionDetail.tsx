import { Button } from '@mantine/core'
import { IconClock, IconRotateClockwise } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { alertRules } from '../../../shared/alert-rules'
import { api } from '../../api/query'
import { useIsAdmin } from '../../api/useSession'
import { currentLanguage } from '../../i18n'
import { formatClock, formatList, formatSpan } from '../../i18n/format'
import { Age, Ago } from '../../ui/Ago'
import { MenuButton } from '../../ui/MenuButton'
import { Facts, Panel } from '../../ui/Panel'
import { hrefOf } from '../../ui/route'
import { StatusPill } from '../../ui/Status'
import type { AttentionLine } from './Attention'
import c from './AttentionPage.module.css'
import { beginOf, lastedOf, type Shown } from './AttentionRow'
import { useSnooze } from './useSnooze'

/** What was sent of it outside the panel, by its last alert. */
function useAlertRows(about: string): [string, ReactNode][] {
  const { t } = useTranslation('attention')
  const alerts = useQuery(api.alerts.read.queryOptions()).data
  const alert = alerts?.history.find((one) => one.about === about)
  if (!alerts || !alert) return []
  const names = new Map(alerts.channels.map(({ id, name }) => [id, name]))
  const sent = [...new Set(alert.deliveries.flatMap(({ channelId, state }) => (state === 'sent' ? [channelId] : [])))]
  const told = sent.map((id) => names.get(id) ?? id)
  const { words } = alertRules[alert.rule]
  return [
    [
      t('about.alert'),
      <a key="rule" href={hrefOf('settings', 'alerts')}>
        {words[currentLanguage()]}
      </a>,
    ],
    [t('about.told'), told.length === 0 ? t('about.toldNobody') : formatList(told)],
  ]
}

function Actions({ item, line }: { item: Shown; line: AttentionLine }) {
  const { t } = useTranslation('attention')
  const { entries, unsnooze, isBusy } = useSnooze()
  const isAdmin = useIsAdmin()
  if ('overAt' in item) return null
  return (
    <span className={c.actions}>
      {isAdmin && 'snooze' in item && (
        <Button
          variant="default"
          leftSection={<IconRotateClockwise size={16} stroke={1.6} />}
          loading={isBusy}
          onClick={() => unsnooze(item.snooze.id, line.title)}
        >
          {t('unsnooze')}
        </Button>
      )}
      {isAdmin && !('snooze' in item) && (
        <MenuButton entries={() => entries(line).slice(1)}>
          <Button variant="default" leftSection={<IconClock size={16} stroke={1.6} />} loading={isBusy}>
            {t('snooze')}
          </Button>
        </MenuButton>
      )}
      <Button component="a" href={line.href}>
        {line.action}
      </Button>
    </span>
  )
}

/** All that is known of one thing, and what to do about it. */
export function AttentionDetail({ item, line }: { item: Shown; line: AttentionLine }) {
  const { t } = useTranslation('attention')
  const alertRows = useAlertRows(item.id)
  const isOver = 'overAt' in item
  const rows: [string, ReactNode][] = [
    [t('about.began'), item.since === null ? null : <Ago at={item.since} />],
    [t('about.seen'), <Ago key="seen" at={item.seenAt} />],
    [t('about.over'), isOver ? <Ago at={item.overAt} /> : null],
    [t('about.lasted'), isOver ? formatSpan(lastedOf(item)) : null],
    [
      t('about.services'),
      line.subjects.length === 0 ? null : (
        <span className={c.subjects}>
          {line.subjects.map(({ id, name }) => (
            <a key={id} href={hrefOf('services', id)}>
              {name}
            </a>
          ))}
        </span>
      ),
    ],
    ...alertRows,
  ]
  return (
    <>
      <header className={c.head}>
        <div className={c.headText}>
          <h2 tabIndex={-1}>{line.title}</h2>
          {isOver ? (
            <StatusPill of="ready" word={t('about.over')} />
          ) : (
            <StatusPill of={line.of} detail={<Age since={beginOf(item)} />} />
          )}
        </div>
        <Actions item={item} line={line} />
      </header>
      {'snooze' in item && (
        <p className={c.aside}>
          {item.snooze.until === null
            ? t('untilChange')
            : `${t('until', { time: formatClock(item.snooze.until) })}. ${t('comesBack')}`}
        </p>
      )}
      {line.said !== '' && <p className={c.whyText}>{line.said}</p>}
      <Panel title={t('about.title')}>
        <Facts rows={rows} labelWidth={120} />
      </Panel>
      {(line.hint !== '' || line.costs !== '') && !isOver && (
        <div className={c.pair}>
          {line.costs !== '' && <Panel title={t('costs.title')}>{line.costs}</Panel>}
          {line.hint !== '' && <Panel title={t('todo.title')}>{line.hint}</Panel>}
        </div>
      )}
    </>
  )
}
