import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import type { RotationPlan } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { describeError } from '../../../api/errors'
import { describeReason } from '../../../i18n'
import { formatDuration, formatExact, formatList } from '../../../i18n/format'
import c from '../Credentials.module.css'

type PlannedService = RotationPlan['services'][number]

/** What a rotation would do now; asked again when a queue of its services changes. */
export function useRotationPlan(id: string) {
  const plan = useQuery({ ...api.credentials.rotationPlan.queryOptions({ input: { id } }), staleTime: 0 })
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const used = plan.data?.services.map((service) => service.id) ?? []
  const queues = services
    .filter((service) => used.includes(service.id))
    .map(({ queue, health }) => `${queue?.running} ${queue?.waiting} ${health.state}`)
    .join()
  const seen = useRef(queues)
  const { refetch } = plan
  useEffect(() => {
    if (seen.current !== queues && seen.current !== '') void refetch()
    seen.current = queues
  }, [queues, refetch])
  return plan
}

/** Whether a restart now would disturb something, as far as is known. */
export const isDisturbing = (plan: RotationPlan | undefined): boolean =>
  plan?.services.some(({ load }) => load.state === 'busy' || load.state === 'unknown') ?? false

/** What will be written, who goes away for how long, what is lost, and who must be told. */
export function BeforeRotate({ plan, error }: { plan: RotationPlan | undefined; error: unknown }) {
  const { t } = useTranslation(['policy', 'credentials'])
  if (!plan) {
    return <p role="status">{error ? t('plan.failed', { why: describeError(error).message }) : t('plan.looking')}</p>
  }
  const { sinks, services, generations, previousUntil } = plan
  const asked = services.filter((service) => service.asked).map(({ id }) => id)
  return (
    <ul className={c.plan}>
      <li>
        {sinks.length === 0
          ? t('credentials:rotate.writesNone')
          : t('credentials:rotate.writes', { count: sinks.length })}
        <ul>
          {sinks.map((sink) => (
            <li key={sink.id} className="mono" title={sink.path}>
              {sink.path}
              {sink.key !== null && `, ${sink.key}`}
            </li>
          ))}
        </ul>
      </li>
      {services.length === 0 && <li>{t('plan.noService')}</li>}
      {services.map((service) => (
        <li key={service.id}>
          <Restart service={service} />
          {service.blocked && <b>{t('plan.blocked', { why: describeReason(service.blocked).message })} </b>}
          <Load service={service} /> {t(`plan.sessions.${service.sessions}`)}
        </li>
      ))}
      {generations.length > 0 && (
        <li>
          {t('plan.lost', { count: generations.length })}
          <ul>
            {generations.map(({ id, serviceId, state, prompt }) => (
              <li key={id} title={prompt}>
                {serviceId}, {t(`plan.${state}`)}: {prompt === '' ? t('plan.noPrompt') : prompt}
              </li>
            ))}
          </ul>
        </li>
      )}
      {asked.length > 0 && <li>{t('plan.proves', { services: formatList(asked) })}</li>}
      {previousUntil !== null && <li>{t('plan.previous', { until: formatExact(previousUntil) })}</li>}
    </ul>
  )
}

function Restart({ service: { id, action, expectedMs, samples, held } }: { service: PlannedService }) {
  const { t } = useTranslation('policy')
  const isAway = action === 'restart' || action === 'recreate'
  return (
    <>
      <Trans t={t} i18nKey={`plan.${action}`} values={{ id }} components={{ b: <b /> }} />
      {isAway &&
        (held ? (
          t(held.ms === null ? 'plan.heldUnknown' : 'plan.held', { time: formatDuration(held.ms ?? 0) })
        ) : expectedMs === null ? (
          t('plan.awayUnknown')
        ) : (
          <>
            {t('plan.away', { time: formatDuration(expectedMs) })}{' '}
            <span className="dim">({t('plan.basis', { count: samples })})</span>
          </>
        ))}
      {'. '}
    </>
  )
}

function Load({ service: { id, load, held } }: { service: PlannedService }) {
  const { t } = useTranslation('policy')
  const { state, own, running, waiting, reason } = load
  if (state === 'unknown') {
    return <span>{t('plan.unknown', { service: id, why: reason ? describeReason(reason).message : '' })}</span>
  }
  if (state !== 'busy') return null
  const known = (running ?? 0) + (waiting ?? 0)
  const others = Math.max(0, known - own)
  if (held) {
    const people = held.work.map(({ name, jobs }) => t('plan.work', { name, count: jobs }))
    return <b>{t('plan.ends', { service: id, count: known, people: formatList(people) })}</b>
  }
  return (
    <b>
      {t('plan.busy', { service: id, running: running ?? 0, waiting: Math.max(waiting ?? 0, own - (running ?? 0)) })}
      {others > 0 && ` ${t('plan.others', { count: others })}`}
    </b>
  )
}
