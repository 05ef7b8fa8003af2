import { Button } from '@mantine/core'
import { IconRefresh, IconReplace } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HealthCheck, Service } from '../../../shared/contract'
import { Ago } from '../../ui/Ago'
import { Panel, PanelAction } from '../../ui/Panel'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import type { ServiceActions } from '../services/useServiceActions'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import { formatDuration } from '../../i18n/format'
import c from './Checks.module.css'

const checkStatus = {
  ok: 'proven',
  warning: 'warning',
  failed: 'failed',
  unknown: 'unknown',
} as const satisfies Record<HealthCheck['state'], StatusKey>

interface ChecksProps {
  service: Service
  actions: ServiceActions
}

function Fix({ check: { fix }, service, actions }: ChecksProps & { check: HealthCheck }) {
  const { t } = useTranslation(['operations', 'common'])
  const isAdmin = useIsAdmin()
  if (fix === undefined || service.operation !== null) return null
  const I = fix === 'recreate' ? IconReplace : IconRefresh
  const isAllowed = isAdmin || fix === 'restart'
  return (
    <Button
      variant="light"
      size="compact-sm"
      leftSection={<I size={14} stroke={1.6} />}
      onClick={() => actions.apply(fix)}
      disabled={!isAllowed}
      title={isAllowed ? undefined : t('common:role.adminNeeded')}
      aria-label={t(`checks.fixOf.${fix}`, { id: service.id })}
    >
      {t(`checks.fix.${fix}`)}
    </Button>
  )
}

function Line({ check, service, actions }: ChecksProps & { check: HealthCheck }) {
  const { t } = useTranslation(['operations', 'common'])
  const { id, state, asked, answered, at, tookMs, reason } = check
  const words = reason && state !== 'ok' ? describeReason(reason) : null
  return (
    <li className={c.check} data-state={state}>
      <span className={c.node}>
        <StatusIcon of={checkStatus[state]} size={16} />
      </span>
      <span className={c.name}>
        {t(`checks.id.${id}`)}
        <span className="visually-hidden">, {t(`checks.state.${state}`)}</span>
      </span>
      <code className={`mono ${c.asked}`} title={asked}>
        {asked}
      </code>
      <span className={c.answered} title={answered}>
        {answered}
      </span>
      <span className={c.time}>{at === null ? t('common:time.notYet') : <Ago at={at} />}</span>
      <span className={c.time}>{tookMs === null ? '–' : formatDuration(tookMs)}</span>
      {words && (
        <div className={c.why}>
          <p>
            <span className={c.message}>{words.message}</span> {words.hint}
          </p>
          <Fix check={check} service={service} actions={actions} />
        </div>
      )}
    </li>
  )
}

/** What Docker and the container's inside say beside the ladder, with evidence, time, and the one click that mends. */
export function HealthChecks({ service, actions }: ChecksProps) {
  const { t } = useTranslation('operations')
  const { checks } = service.health
  const [choice, setChoice] = useState<boolean | null>(null)
  if (checks.length === 0) return null
  const isAmiss = checks.some(({ state }) => state === 'failed' || state === 'warning')
  const isOpen = choice ?? isAmiss
  const isFine = checks.every(({ state }) => state === 'ok')
  return (
    <Panel
      title={t('checks.title')}
      note={isFine ? t('checks.allFine', { count: checks.length }) : t('checks.note')}
      action={
        <PanelAction onClick={() => setChoice(!isOpen)} label={t(isOpen ? 'checks.hideAll' : 'checks.showAll')}>
          {t(isOpen ? 'checks.hide' : 'checks.show', { count: checks.length })}
        </PanelAction>
      }
      className={c.panel}
      flush={!isOpen}
    >
      {isOpen && (
        <ul className={c.list} aria-label={t('checks.title')}>
          {checks.map((check) => (
            <Line key={check.id} check={check} service={service} actions={actions} />
          ))}
        </ul>
      )}
    </Panel>
  )
}
