import { ActionIcon, Progress } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AccountId, GatewayJob, Generation } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { api, queryClient } from '../../api/query'
import { describeReason } from '../../i18n'
import { Ago } from '../../ui/Ago'
import { hrefOf } from '../../ui/route'
import { Panel, PanelAction } from '../../ui/Panel'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import { useRecentGenerations } from '../gallery/useRecentGenerations'
import { KindMark } from '../services/KindIcon'
import { fractionOf } from '../services/state'
import { usePhaseWords } from '../studio/usePhaseWords'
import c from './Me.module.css'

/** How often what goes on at the services is asked for, in ms: no event tells of it. */
const askedEveryMs = { busy: 3000, idle: 15_000 } as const

/** So many that have ended are shown. */
const mostEnded = 5

const isOpen = ({ endedAt }: GatewayJob) => endedAt === null

/** One's own jobs that came through the gateway: all under way, and the last that ended. */
function useGatewayJobs(): readonly GatewayJob[] {
  const jobs = useQuery({
    ...api.usage.jobs.queryOptions(),
    refetchInterval: ({ state }) => (state.data?.some(isOpen) ? askedEveryMs.busy : askedEveryMs.idle),
  }).data
  const all = jobs ?? []
  return [...all.filter(isOpen), ...all.filter((job) => !isOpen(job)).slice(0, mostEnded)]
}

const signOf = {
  waiting: 'queued',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  unknown: 'unknown',
} as const satisfies Record<GatewayJob['state'], StatusKey>

/** The way out of a job. */
function Cancel({ label, isBusy, onClick }: { label: string; isBusy: boolean; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={26} aria-label={label} loading={isBusy} onClick={onClick}>
      <IconX size={15} />
    </ActionIcon>
  )
}

/** A job of a program's, which has no words of its own: on which service, with which key, how it is and since when. */
function FromGateway({ job }: { job: GatewayJob }) {
  const { t } = useTranslation('me')
  const { key, state, serviceId, id, begunAt, endedAt, reason } = job
  const cancel = useMutation(
    api.usage.cancelJob.mutationOptions({
      onSettled: () => void queryClient.invalidateQueries({ queryKey: api.usage.key() }),
    }),
  )
  const from =
    key === null ? t('jobs.gateway.browser') : t('jobs.gateway.withKey', { key: key.name ?? t('jobs.gateway.goneKey') })
  return (
    <li>
      <StatusIcon of={signOf[state]} size={18} />
      <span className={c.two}>
        <b>
          <Service id={serviceId} />
        </b>
        <span className={c.jobLine}>
          {t(job.isCancelling ? 'jobs.gateway.cancelling' : `jobs.gateway.state.${state}`)}, {from}
        </span>
        {reason && <span className={c.jobLine}>{describeReason(reason).message}</span>}
      </span>
      <span className={`num ${c.jobAge}`}>
        <Ago at={endedAt ?? begunAt} />
      </span>
      {job.isCancellable && (
        <Cancel
          label={t('jobs.gateway.cancel', { id: serviceId })}
          isBusy={cancel.isPending}
          onClick={() => cancel.mutate({ serviceId, id })}
        />
      )}
    </li>
  )
}

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
      <Cancel
        label={t('jobs.cancel', { prompt: prompt.slice(0, 60) })}
        isBusy={cancel.isPending}
        onClick={() => cancel.mutate({ id: of.id })}
      />
    </li>
  )
}

/** What runs and waits now of one's own, the Studio's first, and what ended last of what came through the gateway. */
export function MyJobs({ account }: { account: AccountId }) {
  const { t } = useTranslation('me')
  const own = useRecentGenerations().filter(({ by }) => by === account)
  const running = own.filter(({ state }) => state === 'running')
  const waiting = own.filter(({ state }) => state === 'queued').reverse()
  const jobs = [...running, ...waiting]
  const fromGateway = useGatewayJobs()
  const inState = (wanted: GatewayJob['state']) =>
    fromGateway.filter((job) => isOpen(job) && job.state === wanted).length
  const runs = running.length + inState('running')
  const waits = waiting.length + inState('waiting')
  const note = [
    ...(runs > 0 ? [t('jobs.running', { count: runs })] : []),
    ...(waits > 0 ? [t('jobs.waiting', { count: waits })] : []),
  ].join(', ')
  return (
    <Panel
      title={t('jobs.title')}
      note={note}
      action={<PanelAction href={hrefOf('studio')}>{t('jobs.open')}</PanelAction>}
      flush
      className={c.myJobs}
    >
      {jobs.length + fromGateway.length === 0 ? (
        <p className={c.none}>{t('jobs.none')}</p>
      ) : (
        <ul className={c.jobs} aria-label={t('jobs.title')}>
          {jobs.map((job) => (
            <Job key={job.id} of={job} />
          ))}
          {fromGateway.map((job) => (
            <FromGateway key={`${job.serviceId} ${job.id}`} job={job} />
          ))}
        </ul>
      )}
    </Panel>
  )
}
