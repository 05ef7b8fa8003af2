import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { IdleMonitor, Service } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { Failure } from '../../api/Failure'
import { api, queryClient } from '../../api/query'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { Facts, Panel } from '../../ui/Panel'
import { StatusIcon } from '../../ui/Status'
import { showDone } from '../../ui/toast'
import c from './Gateway.module.css'

interface MonitorsPanelProps {
  service: Service
  monitors: readonly IdleMonitor[]
}

/** Which container it is, whole: that is what is confirmed. */
function Which({ monitor: { name, image, container } }: { monitor: IdleMonitor }) {
  const { t } = useTranslation('gateway')
  return (
    <div className={c.whole}>
      <Facts
        labelWidth={72}
        rows={[
          [t('monitors.name'), name],
          [t('monitors.image'), image],
          [t('monitors.id'), container.slice(0, 12)],
        ]}
      />
    </div>
  )
}

/** Containers of the deployment's own that put the service to sleep as well; each can be removed, after a look at it. */
export function MonitorsPanel({ service, monitors }: MonitorsPanelProps) {
  const { t } = useTranslation('gateway')
  const [asked, setAsked] = useState<IdleMonitor | null>(null)
  const remove = useMutation(
    api.gateway.removeMonitor.mutationOptions({
      meta: { quiet: true },
      onSuccess: ({ removed }) => {
        showDone(t('monitors.done', { name: removed.name }))
        setAsked(null)
      },
      onSettled: () => void queryClient.invalidateQueries({ queryKey: api.gateway.key() }),
    }),
  )
  const id = serviceName(service)
  return (
    <Panel
      className={c.around}
      title={
        <span className={c.fact}>
          <StatusIcon of="warning" size={16} /> {t('monitors.title')}
        </span>
      }
    >
      <p className={c.aroundText}>{t('monitors.text', { id })}</p>
      {monitors.map((one) => (
        <div key={one.container} className={c.monitor}>
          <Which monitor={one} />
          <Button
            variant="default"
            aria-label={t('monitors.removeOf', { name: one.name })}
            onClick={() => {
              remove.reset()
              setAsked(one)
            }}
          >
            {t('monitors.remove')}
          </Button>
        </div>
      ))}
      <ConfirmDialog
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={t('monitors.sure', { name: asked?.name ?? '' })}
        confirm={t('monitors.confirm')}
        onConfirm={() => asked && remove.mutate({ id: service.id, ...asked })}
        busy={remove.isPending}
        dangerous
      >
        {asked && <Which monitor={asked} />}
        <p>{t('monitors.only')}</p>
        <Failure error={remove.error} />
      </ConfirmDialog>
    </Panel>
  )
}
