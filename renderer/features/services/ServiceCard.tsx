import { ActionIcon, Button, Progress } from '@mantine/core'
import {
  IconArrowRight,
  IconBan,
  IconExternalLink,
  IconMoonFilled,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconReplace,
  IconSparkles,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, Generation, Gpu, Service } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { hrefOf, studioHref } from '../../ui/route'
import { useServiceActions, type ServiceActions } from './useServiceActions'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import { formatHost, formatMiB } from '../../i18n/format'
import { Age, Ago } from '../../ui/Ago'
import { LazyGrade } from '../exposure/LazyGrade'
import { KindIcon } from './KindIcon'
import { Ladder } from './Ladder'
import { StatusIcon, StatusPill, toneOf } from '../../ui/Status'
import { Asleep, LastKnown, StartPlan, Step, Waiting } from './lazy-lines'
import { useWaits } from './sleep'
import type { Waits } from './waits'
import { canRestart, canStart, canStop, currentJob, fractionOf, reasonOf, sinceOf, statusOf } from './state'
import c from './ServiceCard.module.css'
import { RuntimeTag } from './RuntimeTag'
import { isPaused, isUp, isUnseen } from '../../../shared/service-state'
import { Tooltip } from '../../ui/Tooltip'

/** The well of a card: what is being done, the running job, or why the service is where it is. */
function Now({ service, generations, waits }: Pick<ServiceCardProps, 'service' | 'generations'> & { waits: Waits }) {
  const { t } = useTranslation('services')
  const { running, waiting } = currentJob(generations, service)
  const reason = reasonOf(service)
  const why = waits.sleeps?.why
  if (service.operation !== null && service.progress) return <Step service={service} />
  if (why) return <Asleep service={service} why={why} />
  if (running) {
    const { step, steps, phase } = running.progress
    const words = step !== null && steps !== null ? t('job.step', { step, steps }) : t(`job.phase.${phase}`)
    return (
      <>
        <div className={c.jobLine}>
          <span className="ellipsis">{running.params.prompt}</span>
          <span className={c.jobStep}>{words}</span>
        </div>
        <Progress value={fractionOf(running.progress) * 100} size={4} radius={2} aria-label={words} />
        <span className="dim">{waiting > 0 ? t('job.more', { count: waiting }) : t('job.last')}</span>
      </>
    )
  }
  if (reason) {
    const { message, hint } = describeReason(reason)
    const of = statusOf(service)
    return (
      <>
        <span className={c.reason} data-tone={toneOf(of)}>
          {toneOf(of) === 'bad' && <StatusIcon of={of} size={14} />}
          <span className="ellipsis" title={message}>
            {message}
          </span>
        </span>
        {isUnseen(service) ? (
          <LastKnown id={service.id} />
        ) : (
          <span className={c.hint} title={hint}>
            {hint}
          </span>
        )}
      </>
    )
  }
  return (
    <>
      <span className={c.jobLine}>{t('job.none')}</span>
      <span className="dim">{waiting > 0 ? t('job.more', { count: waiting }) : t('job.noneHint')}</span>
    </>
  )
}

function CredentialFact({ credential }: { credential: Credential | undefined }) {
  const { t } = useTranslation(['services', 'common'])
  if (!credential) return <span className="dim">{t('fact.noCredential')}</span>
  return (
    <span className={c.inline}>
      <a className={c.plain} href={hrefOf('credentials', credential.id)}>
        {t('fact.version', { version: credential.version })}, <Ago at={credential.changedAt} />
      </a>
      {credential.drifted > 0 && (
        <span className={c.drift}>
          <StatusIcon of="drifted" size={14} />
          {t('fact.drifted', { count: credential.drifted })}
        </span>
      )}
    </span>
  )
}

function ToolButton(props: { label: string; children: ReactNode; onClick?: () => void; href?: string }) {
  const look = { variant: 'subtle', color: 'gray', 'aria-label': props.label } as const
  return (
    <Tooltip label={props.label}>
      {props.href === undefined ? (
        <ActionIcon {...look} {...(props.onClick && { onClick: props.onClick })}>
          {props.children}
        </ActionIcon>
      ) : (
        <ActionIcon {...look} component="a" href={props.href} target="_blank" rel="noreferrer">
          {props.children}
        </ActionIcon>
      )}
    </Tooltip>
  )
}

/** Open its page, restart, stop or cancel: the quiet tools of a card or a row. */
function ServiceTools({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { t } = useTranslation('services')
  const { id } = service
  return (
    <>
      {isUp(service) && (
        <ToolButton label={t('do.openOwnOf', { id })} href={service.url}>
          <IconExternalLink size={17} stroke={1.6} />
        </ToolButton>
      )}
      {canRestart(service) && (
        <ToolButton label={t('do.restartOf', { id })} onClick={actions.restart}>
          <IconRefresh size={17} stroke={1.6} />
        </ToolButton>
      )}
      {service.progress?.cancellable ? (
        <ToolButton label={t('do.cancelOf', { id })} onClick={actions.cancel}>
          <IconBan size={17} stroke={1.6} />
        </ToolButton>
      ) : (
        canStop(service) && (
          <ToolButton label={t('do.stopOf', { id })} onClick={actions.stop}>
            <IconPlayerStop size={17} stroke={1.6} />
          </ToolButton>
        )
      )}
    </>
  )
}

function Start({ service, asleep, onClick }: { service: Service; asleep: boolean; onClick: () => void }) {
  const { t } = useTranslation('services')
  const I = asleep ? IconMoonFilled : IconPlayerPlay
  return (
    <Button
      variant="default"
      leftSection={<I size={15} stroke={1.6} />}
      onClick={onClick}
      aria-label={t(asleep ? 'do.wakeOf' : 'do.startOf', { id: service.id })}
    >
      {asleep ? t('do.wake') : t('do.start')}
    </Button>
  )
}

/** The one button: the way out of a block, the start of what is down, else the details. */
function MainButton({ service, actions, asleep }: { service: Service; actions: ServiceActions; asleep: boolean }) {
  const { t } = useTranslation(['services', 'operations', 'common'])
  const isAdmin = useIsAdmin()
  const { id, health, pending, operation } = service
  const arrow = <IconArrowRight size={14} />
  if (health.state === 'locked-out') {
    return (
      <Button variant="default" component="a" href={hrefOf('services', id, 'doctor')} rightSection={arrow}>
        {t('do.why')}
      </Button>
    )
  }
  if (canStart(service)) return <Start service={service} asleep={asleep} onClick={actions.start} />
  if (isPaused(service) && operation === null) {
    return (
      <Button
        variant="default"
        leftSection={<IconPlayerPlay size={15} stroke={1.6} />}
        onClick={actions.unpause}
        aria-label={t('operations:do.unpauseOf', { id })}
      >
        {t('operations:do.unpause')}
      </Button>
    )
  }
  if (pending?.action === 'recreate' && operation === null && isUp(service) && isAdmin) {
    return (
      <Button
        variant="default"
        leftSection={<IconReplace size={15} stroke={1.6} />}
        onClick={() => actions.apply('recreate')}
        aria-label={t('do.recreateOf', { id })}
        title={describeReason(pending.reason).message}
      >
        {t('do.recreateNow')}
      </Button>
    )
  }
  return (
    <Button
      variant="default"
      component="a"
      href={hrefOf('services', id)}
      rightSection={arrow}
      aria-label={t('do.detailsOf', { id })}
    >
      {t('common:action.details')}
    </Button>
  )
}

function Facts({ service, credential, gpu }: Omit<ServiceCardProps, 'generations'>) {
  const { t } = useTranslation('services')
  return (
    <dl className={c.facts}>
      <div>
        <dt>{t('fact.model')}</dt>
        <dd className={service.model === null ? 'dim' : 'mono'} title={service.model ?? undefined}>
          {service.model ?? t('fact.noModel')}
        </dd>
      </div>
      <div>
        <dt>GPU</dt>
        <dd className={gpu ? undefined : 'dim'}>
          {gpu
            ? `${gpu.name}${gpu.memoryTotalMiB === null ? '' : `, ${formatMiB(gpu.memoryTotalMiB)}`}`
            : (service.gpu?.uuid ?? t('fact.noGpu'))}
        </dd>
      </div>
      <div>
        <dt>{t('fact.credential')}</dt>
        <dd>
          <CredentialFact credential={credential} />
        </dd>
      </div>
    </dl>
  )
}

export interface ServiceCardProps {
  service: Service
  generations: readonly Generation[]
  credential: Credential | undefined
  gpu: Gpu | undefined
}

/** One service on the Overview: where it stands, what it does, and the one thing to do next. */
export function ServiceCard({ service, generations, credential, gpu }: ServiceCardProps) {
  const { t } = useTranslation('services')
  const actions = useServiceActions(service)
  const waits = useWaits()(service)
  const of = waits.sleeps ? 'asleep' : statusOf(service)
  return (
    <article className={c.card} data-tone={toneOf(of)} aria-label={serviceName(service)}>
      <header className={c.head}>
        <KindIcon kind={service.kind} />
        <div className={c.name}>
          <h2>
            <a className={c.plain} href={hrefOf('services', service.id)}>
              {serviceName(service)}
            </a>
          </h2>
          <span className={c.where}>
            <span className="mono">{formatHost(service.url)}</span>
            <RuntimeTag runtime={service.runtime} />
          </span>
        </div>
        <StatusPill of={of} detail={<Age since={sinceOf(service)} />} />
      </header>
      <Ladder rungs={service.health.rungs} />
      <div className={c.now}>
        <Now service={service} generations={generations} waits={waits} />
        <Waiting waits={waits} />
      </div>
      <Facts service={service} credential={credential} gpu={gpu} />
      <footer className={c.foot}>
        <MainButton service={service} actions={actions} asleep={waits.sleeps !== undefined} />
        <span className={c.plan}>
          <StartPlan service={service} />
        </span>
        <span className={c.tools}>
          <LazyGrade serviceId={service.id} />
          {service.health.state === 'ready' && (
            <Tooltip label={t('do.generateOn', { id: service.id })}>
              <ActionIcon
                variant="subtle"
                color="gray"
                component="a"
                href={studioHref(service.id)}
                aria-label={t('do.generateOn', { id: service.id })}
              >
                <IconSparkles size={17} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          )}
          <ServiceTools service={service} actions={actions} />
        </span>
      </footer>
      {actions.dialog}
    </article>
  )
}
