import { Button } from '@mantine/core'
import { IconMoonFilled, IconPlayerPlay, IconSparkles } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { kinds } from '../../../shared/kinds'
import { serviceName } from '../../../shared/service-name'
import { describeReason } from '../../i18n'
import { Age } from '../../ui/Ago'
import { StatusPill, toneOf } from '../../ui/Status'
import { studioHref } from '../../ui/route'
import { KindIcon } from './KindIcon'
import { Asleep, Waiting } from './lazy-lines'
import { RuntimeTag } from './RuntimeTag'
import { useWaits } from './sleep'
import type { Waits } from './waits'
import { canStart, reasonOf, sinceOf, statusOf } from './state'
import { useMayStart } from './useMayStart'
import { useServiceActions } from './useServiceActions'
import c from './ServiceCard.module.css'

/** What it does, or in words why it is where it is. */
function Now({ service, waits }: { service: Service; waits: Waits }) {
  const { t } = useTranslation('services')
  const reason = reasonOf(service)
  const mayStart = useMayStart()
  const { running = 0, waiting = 0 } = service.queue ?? {}
  const why = waits.sleeps?.why
  if (why) return <Asleep service={service} why={why} />
  if (reason) {
    return (
      <>
        <span className={c.reason} data-tone={toneOf(statusOf(service))}>
          {describeReason(reason).message}
        </span>
        {canStart(service) && !mayStart(service) && <span className="dim">{t('start.adminsOnly')}</span>}
      </>
    )
  }
  const jobs = running + (waiting ?? 0)
  return (
    <span className={jobs > 0 ? c.jobLine : 'dim'}>
      {jobs > 0 ? t('job.queue', { count: jobs }) : service.health.state === 'ready' ? t('job.noneHint') : null}
    </span>
  )
}

function Action({ service, asleep }: { service: Service; asleep: boolean }) {
  const { t } = useTranslation(['services', 'common'])
  const actions = useServiceActions(service)
  const mayStart = useMayStart()
  if (mayStart(service)) {
    return (
      <>
        <Button
          variant="default"
          leftSection={asleep ? <IconMoonFilled size={15} /> : <IconPlayerPlay size={15} stroke={1.6} />}
          onClick={actions.start}
          aria-label={t(asleep ? 'do.wakeOf' : 'do.startOf', { id: service.id })}
        >
          {asleep ? t('do.wake') : t('do.start')}
        </Button>
        {actions.dialog}
      </>
    )
  }
  if (service.health.state !== 'ready') return null
  return (
    <Button
      variant="default"
      component="a"
      href={studioHref(service.id)}
      leftSection={<IconSparkles size={15} stroke={1.6} />}
      aria-label={t('do.generateOn', { id: service.id })}
    >
      {t('common:action.newGeneration')}
    </Button>
  )
}

/** One service as a user sees it: how it is, and what a user may do with it. */
export function UserServiceCard({ service }: { service: Service }) {
  const { t } = useTranslation('services')
  const waits = useWaits()(service)
  const of = waits.sleeps ? 'asleep' : statusOf(service)
  return (
    <article className={c.card} data-tone={toneOf(of)} aria-label={serviceName(service)}>
      <header className={c.head}>
        <KindIcon kind={service.kind} />
        <div className={c.name}>
          <h2>{serviceName(service)}</h2>
          <span className={c.where}>
            <span>{kinds[service.kind].name}</span>
            {service.runtime === 'simulator' && <RuntimeTag runtime={service.runtime} />}
          </span>
        </div>
        <StatusPill of={of} detail={<Age since={sinceOf(service)} />} />
      </header>
      <div className={c.now}>
        <Now service={service} waits={waits} />
        <Waiting waits={waits} />
      </div>
      <dl className={c.facts}>
        <div>
          <dt>{t('fact.model')}</dt>
          <dd className={service.model === null ? 'dim' : 'mono'} title={service.model ?? undefined}>
            {service.model ?? t('fact.noModel')}
          </dd>
        </div>
      </dl>
      <footer className={c.foot}>
        <Action service={service} asleep={waits.sleeps !== undefined} />
      </footer>
    </article>
  )
}
