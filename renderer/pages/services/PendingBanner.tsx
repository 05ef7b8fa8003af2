import { Button } from '@mantine/core'
import { IconRefresh, IconReplace } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { isUp } from '../../components/service/state'
import { StatusIcon } from '../../components/Status'
import type { ServiceActions } from '../../hooks/useServiceActions'
import { useIsAdmin } from '../../hooks/useSession'
import { describeReason } from '../../i18n'
import c from './Operation.module.css'

/** What the service's files ask for and its container does not have yet, with the one button that brings it. */
export function PendingBanner({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { t } = useTranslation(['operations', 'services', 'common'])
  const isAdmin = useIsAdmin()
  const { pending, operation } = service
  if (!pending || operation !== null) return null
  const { action } = pending
  const isRecreate = action === 'recreate'
  // A start reads what a restart would.
  if (!isRecreate && !isUp(service)) return null
  const mayApply = isAdmin || !isRecreate
  const { message, hint } = describeReason(pending.reason)
  const I = isRecreate ? IconReplace : IconRefresh
  return (
    <section className={c.pending} role="status">
      <StatusIcon of="drifted" size={18} />
      <div className={c.pendingText}>
        <p>
          <b>{message}</b> {hint}
        </p>
        <p>{isRecreate ? t('pending.whyRecreate') : t('pending.whyRestart')}</p>
      </div>
      <Button
        variant="light"
        leftSection={<I size={15} stroke={1.6} />}
        onClick={() => actions.apply(action)}
        disabled={!mayApply}
        title={mayApply ? undefined : t('common:role.adminNeeded')}
      >
        {isRecreate ? t('services:do.recreateNow') : t('do.restartNow')}
      </Button>
    </section>
  )
}
