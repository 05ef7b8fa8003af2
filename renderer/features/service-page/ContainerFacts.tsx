import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContainerDetails, Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { Age } from '../../ui/Ago'
import { isUnseen } from '../../../shared/service-state'
import { CopyIcon } from '../../ui/States'
import { StatusIcon } from '../../ui/Status'
import c from './ServiceDetail.module.css'

interface CopiedProps {
  text: string
  /** What stands before `shown`, and is cut first. */
  start?: string
  shown?: string
  label: string
}

/** A value that a machine wrote, cut where it is too long, with a button that copies all of it. */
function Copied({ text, start = '', shown = text, label }: CopiedProps) {
  return (
    <span className={c.copied}>
      <span className={`mono ${c.cutFirst}`} title={text}>
        {start !== '' && <span className={c.cut}>{start}</span>}
        <span className={start === '' ? c.cut : c.kept}>{shown}</span>
      </span>
      <CopyIcon value={text} label={label} size={20} />
    </span>
  )
}

/** A Compose file, of this or another machine: its folder says which project, and may be cut; its name stays. */
function File({ file }: { file: string }) {
  const { t } = useTranslation('operations')
  const [name = file, folder = ''] = file.split(/[\\/]/).reverse()
  return <Copied text={file} start={folder} shown={`/${name}`} label={t('fact.copyFile')} />
}

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
  const { container, compose, id, runtime } = service
  const isAsked = container !== null && !isUnseen(service)
  const { queryKey, ...options } = api.containers.get.queryOptions({ input: { id } })
  const { data } = useQuery({
    ...options,
    // Another life of the container may have other ports.
    queryKey: [...queryKey, container?.id, container?.startedAt],
    enabled: isAsked,
  })
  if (runtime !== 'compose') return []
  const details = isAsked ? data : undefined
  return [
    [t('fact.binding'), details ? <Binding key="binding" ports={details.ports} /> : null],
    [t('fact.file'), compose ? <File key="file" file={compose.file} /> : null],
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
