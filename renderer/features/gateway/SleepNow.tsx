import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GatewayListener, GatewayService, Service } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { Failure } from '../../api/Failure'
import { api, queryClient } from '../../api/query'
import { formatList } from '../../i18n/format'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { showFreed } from '../services/freed'
import { canStop, isManaged } from '../services/state'
import { worksThere } from './works-there'

interface SleepNowProps {
  service: Service
  line: GatewayService['line']
  listener: GatewayListener | undefined
  /** Somebody goes around the gateway. */
  isBypassed: boolean
}

/** Who would lose something, in sentences. */
function Who({ service, line, listener, isBypassed }: SleepNowProps) {
  const { t } = useTranslation('gateway')
  const { working, waiting, inside, strangers } = worksThere(service, line, listener?.inside ?? [])
  const isNobody = working.length + waiting.length + inside.length === 0 && strangers === 0
  return (
    <>
      {working.length > 0 && <p>{t('now.working', { count: working.length, names: formatList(working) })}</p>}
      {waiting.length > 0 && <p>{t('now.waiting', { count: waiting.length, names: formatList(waiting) })}</p>}
      {inside.length > 0 && <p>{t('now.inside', { count: inside.length, names: formatList(inside) })}</p>}
      {strangers !== null && strangers > 0 && <p>{t('now.strangers', { count: strangers })}</p>}
      {strangers === null && <p>{t('now.unseen')}</p>}
      {isBypassed && <p>{t('now.bypassed')}</p>}
      {isNobody && <p>{t('now.nobody')}</p>}
    </>
  )
}

/** Puts a service to sleep at once, after saying who works with it: stopped, or only unloaded where Regie cannot stop it. */
export function SleepNow(props: SleepNowProps) {
  const { t } = useTranslation('gateway')
  const { service, line } = props
  const [isAsking, setAsking] = useState(false)
  const options = {
    meta: { quiet: true },
    onSuccess: () => setAsking(false),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: api.gateway.key() }),
  }
  const stop = useMutation(api.services.stop.mutationOptions(options))
  const unload = useMutation(
    api.services.freeMemory.mutationOptions({
      ...options,
      onSuccess: ({ freed }) => {
        setAsking(false)
        showFreed(freed)
      },
    }),
  )
  const act = isManaged(service) ? stop : unload
  const words = isManaged(service) ? 'stop' : 'unload'
  const isUp = isManaged(service) ? canStop(service) : service.health.state === 'ready'
  const id = serviceName(service)
  return (
    <>
      <Button
        variant="default"
        disabled={!isUp}
        onClick={() => {
          act.reset()
          setAsking(true)
        }}
      >
        {t(`now.${words}`)}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t(`now.${words}Title`, { id })}
        confirm={t(`now.${words}Confirm`)}
        onConfirm={() => act.mutate({ id: service.id })}
        busy={act.isPending}
        dangerous={line.length > 0}
      >
        <Who {...props} />
        <p>{t(words === 'unload' ? 'now.loads' : service.idle.wake ? 'now.wakes' : 'now.stays')}</p>
        <Failure error={act.error} />
      </ConfirmDialog>
    </>
  )
}
