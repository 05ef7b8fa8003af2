import { IconBox } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContainerDetails, Service } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { Ago } from '../../../ui/Ago'
import { Facts, Panel, PanelAction } from '../../../ui/Panel'
import { Empty, Loading } from '../../../ui/States'
import { formatBytes, formatDuration } from '../../../i18n/format'
import { GpuPanel } from './GpuPanel'
import { Masked, Value } from './Masked'
import { ModelsPanel } from './models/ModelsPanel'
import c from './Container.module.css'
import { Loaded } from '../../../api/Loaded'

type Part = { details: ContainerDetails }

function Table({ heads, rows, label }: { heads: string[]; rows: [string, ...ReactNode[]][]; label: string }) {
  return (
    <div className={c.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={c.table}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th scope="col" key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells]) => (
            <tr key={name}>
              <th scope="row" className="mono">
                {name}
              </th>
              {cells.map((cell, at) => (
                <td key={at}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const hash = (id: string) => <span className="mono">{id.replace(/^sha256:/, '').slice(0, 12)}</span>

function Identity({ details, onReload, isLoading }: Part & { onReload: () => void; isLoading: boolean }) {
  const { t } = useTranslation('container')
  const { image } = details
  const age = image.isStale === null ? t('unknownImage') : t(image.isStale ? 'stale' : 'fresh')
  return (
    <Panel
      title={t('identity')}
      note={
        <>
          {t('seen')} <Ago at={details.at} />
        </>
      }
      action={
        <PanelAction onClick={onReload} loading={isLoading}>
          {t('reload')}
        </PanelAction>
      }
    >
      <Facts
        labelWidth={112}
        rows={[
          [t('fact.name'), <span className="mono">{details.name}</span>],
          [t('fact.id'), hash(details.id)],
          [
            t('fact.image'),
            <>
              <span className="mono">{image.name}</span>
              <span className={c.note} data-tone={image.isStale ? 'warn' : undefined}>
                {age}
              </span>
            </>,
          ],
          [t('fact.imageId'), hash(image.id)],
          [t('fact.built'), image.builtAt === null ? null : <Ago at={image.builtAt} />],
          [t('fact.created'), details.createdAt === null ? null : <Ago at={details.createdAt} />],
          [t('fact.started'), details.startedAt === null ? t('never') : <Ago at={details.startedAt} />],
          [t('fact.restarts'), String(details.restartCount)],
          [t('fact.command'), <Masked>{details.command.join(' ')}</Masked>],
          [t('fact.folder'), details.workingDir === '' ? null : <span className="mono">{details.workingDir}</span>],
          [t('fact.user'), details.user === '' ? t('defaultUser') : <span className="mono">{details.user}</span>],
          [t('fact.terminal'), t(details.tty ? 'yes' : 'no')],
        ]}
      />
    </Panel>
  )
}

function Ports({ details: { ports, networks } }: Part) {
  const { t } = useTranslation('container')
  const rows = ports.map(({ container, hostIp, hostPort, reach }, at): [string, ReactNode] => [
    `${container}${ports.findIndex((port) => port.container === container) < at ? ' ·' : ''}`,
    <>
      {hostIp !== null && (
        <span className="mono">{`${hostIp.includes(':') ? `[${hostIp}]` : hostIp}:${hostPort ?? ''} `}</span>
      )}
      <span className={reach === 'network' ? c.warn : 'dim'}>{t(`ports.${reach}`)}</span>
    </>,
  ])
  const names = networks.map(({ name, address }) => (address === null ? name : `${name} ${address}`)).join(', ')
  return (
    <Panel title={t('ports.title')}>
      {ports.length === 0 && <p className="dim">{t('ports.empty')}</p>}
      <Facts
        labelWidth={112}
        rows={[...rows, [t('networks.title'), <span className="mono">{names || t('networks.none')}</span>]]}
      />
    </Panel>
  )
}

function Limits({ details: { limits, restartPolicy, security, log, healthcheck } }: Part) {
  const { t } = useTranslation('container')
  const none = <span className="dim">{t('limits.noLimit')}</span>
  const ms = (value: number | null) => (value === null ? t('limits.default') : formatDuration(value))
  const options = Object.entries(log.options).map(([name, value]) => `${name}=${value}`)
  return (
    <Panel title={t('limits.title')}>
      <Facts
        labelWidth={136}
        rows={[
          [t('limits.memory'), limits.memoryBytes === null ? none : formatBytes(limits.memoryBytes)],
          [t('limits.cpus'), limits.cpus === null ? none : String(limits.cpus)],
          [t('limits.pids'), limits.pids === null ? none : String(limits.pids)],
          [t('limits.shared'), limits.sharedMemoryBytes === null ? null : formatBytes(limits.sharedMemoryBytes)],
          [
            t('limits.policy'),
            restartPolicy.maximumRetries > 0
              ? t('limits.policyTimes', { name: restartPolicy.name, count: restartPolicy.maximumRetries })
              : restartPolicy.name,
          ],
          [t('limits.gains'), t(security.noNewPrivileges ? 'limits.forbidden' : 'limits.possible')],
          [t('limits.privileged'), security.isPrivileged ? <span className={c.warn}>{t('yes')}</span> : t('no')],
          [t('limits.root'), t(security.readOnlyRoot ? 'mounts.readOnly' : 'mounts.writable')],
          [t('limits.capabilities'), security.addedCapabilities.join(', ') || null],
          [t('limits.log'), <Masked>{[log.driver, ...options].join(' ')}</Masked>],
          [
            t('limits.check'),
            healthcheck === null ? (
              <span className="dim">{t('limits.noCheck')}</span>
            ) : (
              <>
                <Masked>{healthcheck.test.join(' ')}</Masked>
                <span className={c.note}>
                  {t('limits.checkEvery', {
                    every: ms(healthcheck.intervalMs),
                    timeout: ms(healthcheck.timeoutMs),
                    retries: healthcheck.retries ?? 3,
                  })}
                </span>
              </>
            ),
          ],
        ]}
      />
    </Panel>
  )
}

function Mounts({ details: { mounts } }: Part) {
  const { t } = useTranslation('container')
  return (
    <Panel title={t('mounts.title')} note={t('mounts.note')} flush className={c.wide}>
      {mounts.length === 0 ? (
        <p className={c.empty}>{t('mounts.empty')}</p>
      ) : (
        <Table
          label={t('mounts.title')}
          heads={[t('mounts.target'), t('mounts.source'), t('mounts.type'), t('mounts.access')]}
          rows={mounts.map(({ destination, source, type, writable }) => [
            destination,
            <span className="mono">{source}</span>,
            type,
            t(writable ? 'mounts.writable' : 'mounts.readOnly'),
          ])}
        />
      )}
    </Panel>
  )
}

function Environment({ details: { environment, labels } }: Part) {
  const { t } = useTranslation('container')
  return (
    <>
      <Panel title={t('environment.title')} note={t('environment.note')} flush className={c.wide}>
        {environment.length === 0 ? (
          <p className={c.empty}>{t('environment.none')}</p>
        ) : (
          <Table
            label={t('environment.title')}
            heads={[t('environment.name'), t('environment.value')]}
            rows={environment.map((variable) => [variable.name, <Value variable={variable} />])}
          />
        )}
      </Panel>
      {labels.length > 0 && (
        <Panel title={t('labels.title')} note={labels.length} flush className={c.wide}>
          <Table
            label={t('labels.title')}
            heads={[t('labels.name'), t('labels.value')]}
            rows={labels.map(({ name, value }) => [name, <Masked>{value}</Masked>])}
          />
        </Panel>
      )}
    </>
  )
}

/** The container behind a service, as Docker describes it. */
export default function ContainerTab({ service }: { service: Service }) {
  const { t } = useTranslation('container')
  const { id, container } = service
  // Another container, or another life of it, is looked at anew; nothing else changes it.
  const key = container && `${container.id} ${container.state} ${container.startedAt ?? ''}`
  const options = api.containers.get.queryOptions({ input: { id } })
  const query = useQuery({ ...options, queryKey: [...options.queryKey, key], enabled: key !== null })
  if (key === null) {
    return (
      <Empty icon={IconBox} title={t('none.title')}>
        {t('none.text')}
      </Empty>
    )
  }
  return (
    <Loaded query={query} loading={<Loading rows={10} />}>
      {(details) => (
        <div className={c.page}>
          <ModelsPanel service={service} containerId={details.id} />
          <div className={c.column}>
            <Identity details={details} onReload={() => void query.refetch()} isLoading={query.isFetching} />
            <Ports details={details} />
          </div>
          <div className={c.column}>
            <GpuPanel gpu={details.gpu} />
            <Limits details={details} />
          </div>
          <Mounts details={details} />
          <Environment details={details} />
        </div>
      )}
    </Loaded>
  )
}
