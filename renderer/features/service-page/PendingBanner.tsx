import { Button } from '@mantine/core'
import { IconFiles, IconRefresh, IconReplace } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { applyEvent } from '../../api/cache'
import { api } from '../../api/query'
import { isUp } from '../../../shared/service-state'
import { StatusIcon } from '../../ui/Status'
import type { ServiceActions } from '../services/useServiceActions'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import c from './Operation.module.css'

/** Gives the service the Compose files that its container was made from. */
function UseFiles({ service, files }: { service: Service; files: string[] }) {
  const { t } = useTranslation(['operations', 'common'])
  const cache = useQueryClient()
  const isAdmin = useIsAdmin()
  const update = useMutation(
    api.services.update.mutationOptions({
      onSuccess: (changed) => applyEvent(cache, { type: 'service', service: changed }),
    }),
  )
  const { id, compose } = service
  const [file, ...overrides] = files
  if (!compose || file === undefined) return null
  return (
    <Button
      variant="light"
      leftSection={<IconFiles size={15} stroke={1.6} />}
      onClick={() => update.mutate({ id, compose: { ...compose, file, overrides } })}
      loading={update.isPending}
      disabled={!isAdmin}
      title={isAdmin ? undefined : t('common:role.adminNeeded')}
    >
      {t('pending.useFiles')}
    </Button>
  )
}

/** Why it cannot be told what differs, with the way out where there is one. */
function Unknown({ service, reason }: { service: Service; reason: NonNullable<Service['pendingUnknown']> }) {
  const { t } = useTranslation('operations')
  const { message, hint } = describeReason(reason)
  const { container } = service
  return (
    <section className={c.pending} role="status">
      <StatusIcon of="warning" size={18} />
      <div className={c.pendingText}>
        <p>
          <b>{t('pending.unknown')}</b> {message}
        </p>
        <p>{hint}</p>
      </div>
      {container?.madeFrom && <UseFiles service={service} files={container.madeFrom} />}
    </section>
  )
}

/** What the service's files ask for and its container does not have yet, with the one button that brings it. */
export function PendingBanner({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { t } = useTranslation(['operations', 'services', 'common'])
  const isAdmin = useIsAdmin()
  const { pending, pendingUnknown, operation } = service
  if (operation !== null) return null
  if (pendingUnknown) return <Unknown service={service} reason={pendingUnknown} />
  if (!pending) return null
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
