import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../shared/contract'
import { serviceName } from '../../../../shared/service-name'
import { client } from '../../../api/client'
import { api } from '../../../api/query'
import { Age } from '../../../ui/Ago'
import { Panel } from '../../../ui/Panel'
import { useRecentGenerations } from '../../gallery/useRecentGenerations'
import { moveTo } from './move'
import { substituteFor } from './substitute'
import c from './Unreachable.module.css'

/** Generations that wait for a service that cannot be reached, and another one that could take them. */
export function Waiting({ service }: { service: Service }) {
  const { t } = useTranslation('unreachable')
  const generations = useRecentGenerations()
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const waitingOn = (id: string) => generations.filter((one) => one.serviceId === id && one.state === 'queued').length
  const mine = generations.filter((one) => one.serviceId === service.id && one.state === 'queued')
  const other = substituteFor(service, services, waitingOn)
  const moving = useMutation({ mutationFn: (to: string) => moveTo(to, mine, client.generations) })
  if (mine.length === 0) return null
  return (
    <Panel title={t('waiting.title')} note={t('waiting.note', { count: mine.length })} className={c.panel}>
      <ul className={c.waiting}>
        {mine.map(({ id, params, createdAt }) => (
          <li key={id}>
            <span className="ellipsis">{params.prompt}</span>
            <Age since={createdAt} />
          </li>
        ))}
      </ul>
      {other ? (
        <>
          <Button variant="default" fullWidth loading={moving.isPending} onClick={() => moving.mutate(other.id)}>
            {t('waiting.move', { id: serviceName(other) })}
          </Button>
          <p className={c.hint}>{t('waiting.same', { count: waitingOn(other.id) })}</p>
        </>
      ) : (
        <p className={c.hint}>{t('waiting.none')}</p>
      )}
    </Panel>
  )
}
