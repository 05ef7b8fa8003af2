import { ActionIcon, Progress } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AccountId, Generation } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { api } from '../../api/query'
import { hrefOf } from '../../ui/route'
import { Panel, PanelAction } from '../../ui/Panel'
import { StatusIcon } from '../../ui/Status'
import { useRecentGenerations } from '../gallery/useRecentGenerations'
import { KindMark } from '../services/KindIcon'
import { fractionOf } from '../services/state'
import { usePhaseWords } from '../studio/usePhaseWords'
import c from './Me.module.css'

function Service({ id }: { id: string }) {
  const service = (useQuery(api.services.list.queryOptions()).data ?? []).find((one) => one.id === id)
  return (
    <span className={c.jobService}>
      {service && <KindMark kind={service.kind} size={14} />}
      {service ? serviceName(service) : id}
    </span>
  )
}

function Job({ of }: { of: Generation }) {
  const { t } = useTranslation('me')
  const words = usePhaseWords(of)
  const cancel = useMutation(api.generations.cancel.mutationOptions())
  const isRunning = of.state === 'running'
  const { prompt } = of.params
  return (
    <li>
      <StatusIcon of={of.state} size={18} />
      <span className={c.two}>
        <b title={prompt}>{prompt}</b>
        <span className={c.jobLine}>
          <Service id={of.serviceId} /> {words}
        </span>
        {isRunning && (
          <Progress value={fractionOf(of.progress) * 100} size={4} radius={2} aria-label={words} className={c.bar} />
        )}
      </span>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={26}
        aria-label={t('jobs.cancel', { prompt: prompt.slice(0, 60) })}
        loading={cancel.isPending}
        onClick={() => cancel.mutate({ id: of.id })}
      >
        <IconX size={15} />
      </ActionIcon>
    </li>
  )
}

/** What runs and waits now of one's own, the running first. */
export function MyJobs({ account }: { account: AccountId }) {
  const { t } = useTranslation('me')
  const own = useRecentGenerations().filter(({ by }) => by === account)
  const running = own.filter(({ state }) => state === 'running')
  const waiting = own.filter(({ state }) => state === 'queued').reverse()
  const note = [
    ...(running.length > 0 ? [t('jobs.running', { count: running.length })] : []),
    ...(waiting.length > 0 ? [t('jobs.waiting', { count: waiting.length })] : []),
  ].join(', ')
  const jobs = [...running, ...waiting]
  return (
    <Panel
      title={t('jobs.title')}
      note={note}
      action={<PanelAction href={hrefOf('studio')}>{t('jobs.open')}</PanelAction>}
      flush
      className={c.myJobs}
    >
      {jobs.length === 0 ? (
        <p className={c.none}>{t('jobs.none')}</p>
      ) : (
        <ul className={c.jobs} aria-label={t('jobs.title')}>
          {jobs.map((job) => (
            <Job key={job.id} of={job} />
          ))}
        </ul>
      )}
    </Panel>
  )
}
