import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContainerDetails, Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { Age } from '../../components/Ago'
import { isUnseen } from '../../components/service/state'
import { CopyIcon } from '../../components/States'
import { StatusIcon } from '../../components/Status'
import c from './ServiceDetail.module.css'

/** A value that a machine wrote, cut where it is too long, with a button that copies all of it. */
export function Copied({ text, shown = text, label }: { text: string; shown?: string; label: string }) {
  return (
    <span className={c.copied}>
      <span className={`mono ${c.cut}`} title={text}>
        {shown}
      </span>
      <CopyIcon value={text} label={label} size={20} />
    </span>
  )
}

/** The last two parts of a path of this or another machine: the folder says which project, the name which file. */
const tail = (file: string) => file.split(/[\\/]/).slice(-2).join('/')

/** As it is bound now, not as the file asks. */
function Binding({ ports }: { ports: ContainerDetails['ports'] }) {
  const { t } = useTranslation('operations')
  const published = ports.filter(({ hostPort }) => hostPort !== null)
  const open = published.filter(({ reach }) => reach === 'network')
  const addresses = (open.length > 0 ? open : published)
    .map(({ hostIp, hostPort }) => `${hostIp ?? ''}:${hostPort ?? ''}`)
    .join(', ')
  if (published.length === 0) return <>{t('fact.unpublished')}</>
  return (
    <span title={addresses} className={c.withIcon}>
      {open.length > 0 && <StatusIcon of="warning" size={14} />}
      <span className={c.stack}>
        {open.length > 0 ? t('fact.network') : t('fact.loopback')}
        <span className="dim mono">{addresses}</span>
      </span>
    </span>
  )
}

function State({ container }: { container: NonNullable<Service['container']> }) {
  const { t } = useTranslation('operations')
  const { state, startedAt, exitCode } = container
  return (
    <>
      {t(`state.${state}`)}
      {state === 'running' && startedAt !== null && (
        <span className="dim">
          {', '}
          <Age since={startedAt} />
        </span>
      )}
      {state === 'exited' && exitCode !== null && <span className="dim">, {t('fact.exit', { code: exitCode })}</span>}
    </>
  )
}

/** What can be told of the container behind a service, for its list of facts. */
export function useContainerFacts(service: Service): [string, ReactNode][] {
  const { t } = useTranslation('operations')
  const { container, compose, id } = service
  const isAsked = container !== null && !isUnseen(service)
  const { queryKey, ...options } = api.containers.get.queryOptions({ input: { id } })
  const { data } = useQuery({
    ...options,
    // Another life of the container may have other ports.
    queryKey: [...queryKey, container?.id, container?.startedAt],
    enabled: isAsked,
  })
  if (!compose) return []
  const details = isAsked ? data : undefined
  return [
    [t('fact.binding'), details ? <Binding key="binding" ports={details.ports} /> : null],
    [t('fact.file'), <Copied key="file" text={compose.file} shown={tail(compose.file)} label={t('fact.copyFile')} />],
    [
      t('fact.image'),
      container && (
        <span key="image" className={c.stack}>
          <Copied text={container.image} label={t('fact.copyImage')} />
          {details?.image.isStale === true && <span className="dim">{t('fact.stale')}</span>}
        </span>
      ),
    ],
    [
      t('fact.container'),
      container ? (
        <Copied key="container" text={container.id} shown={container.id.slice(0, 12)} label={t('fact.copyContainer')} />
      ) : (
        <span key="container" className="dim">
          {t('fact.noContainer')}
        </span>
      ),
    ],
    [t('fact.state'), container && <State key="state" container={container} />],
    [
      t('fact.restarts'),
      container &&
        (container.restartCount === 0 ? t('fact.never') : t('fact.times', { count: container.restartCount })),
    ],
  ]
}
