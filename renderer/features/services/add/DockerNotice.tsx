import { Anchor, Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { applyEvent } from '../../../api/cache'
import { api } from '../../../api/query'
import { describeReason } from '../../../i18n'
import { hrefOf } from '../../../ui/route'
import { Command } from '../../../ui/States'
import { StatusIcon } from '../../../ui/Status'
import c from './Add.module.css'

/** Whether the Docker engine answers; undefined while that is not known. */
export function useDockerAnswers(): boolean | undefined {
  const state = useQuery(api.docker.engine.queryOptions()).data?.state
  return state === undefined || state === 'connecting' ? undefined : state === 'connected'
}

/** Why Docker cannot be used, what to do, and where to read more; nothing while it answers. */
export function DockerNotice({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation('add')
  const cache = useQueryClient()
  const engine = useQuery(api.docker.engine.queryOptions()).data
  const again = useMutation(
    api.docker.reconnect.mutationOptions({
      onSuccess: (status) => applyEvent(cache, { type: 'engine', engine: status }),
    }),
  )
  if (engine?.state !== 'unreachable') return null
  const why = engine.reason && describeReason(engine.reason)
  return (
    <section className={c.notice} data-tone="bad" role="alert">
      <StatusIcon of="unhealthy" />
      <div>
        <b>{why?.message ?? t('docker.down')}</b>
        {why && <p>{why.hint}</p>}
        {engine.command !== undefined && <Command>{engine.command}</Command>}
        <p className={c.noticeFoot}>
          <Button size="compact-sm" variant="light" onClick={() => again.mutate(undefined)} loading={again.isPending}>
            {t('docker.again')}
          </Button>
          <Anchor href={hrefOf('services')} onClick={onLeave}>
            {t('docker.more')}
          </Anchor>
        </p>
      </div>
    </section>
  )
}
