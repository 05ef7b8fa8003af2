import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { isManaged, jobsOf } from './state'
import { useRecentGenerations } from '../gallery/useRecentGenerations'
import { isUp } from '../../../shared/service-state'

/** Starting and stopping all services that Regie runs itself. */
export function useAllServices(services: readonly Service[]) {
  const { t } = useTranslation('services')
  const [isAsking, setAsking] = useState(false)
  const start = useMutation(api.services.startAll.mutationOptions())
  const stop = useMutation(api.services.stopAll.mutationOptions())
  const generations = useRecentGenerations()
  const managed = services.filter(isManaged)
  const up = managed.filter((service) => isUp(service) || service.operation === 'start')
  const jobs = up.reduce((sum, service) => sum + jobsOf(service, generations), 0)
  const stopNow = () => {
    setAsking(false)
    stop.mutate(undefined)
  }
  return {
    canStart: managed.some((service) => !isUp(service) && service.operation === null),
    canStop: up.length > 0,
    start: () => start.mutate(undefined),
    stop: () => (jobs > 0 ? setAsking(true) : stopNow()),
    dialog: (
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t('confirm.stopAll.title')}
        confirm={t('confirm.stopAll.button')}
        onConfirm={stopNow}
      >
        <p>{t('confirm.stopAll.text', { count: up.length })}</p>
        <p>{t('confirm.jobs', { count: jobs })}</p>
      </ConfirmDialog>
    ),
  }
}
