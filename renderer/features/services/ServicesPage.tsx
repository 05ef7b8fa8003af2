import { Button } from '@mantine/core'
import { IconFileText, IconPlayerPlay, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { InvalidService, Service } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { api } from '../../api/query'
import { Age } from '../../ui/Ago'
import { KindIcon } from './KindIcon'
import { DockerTrouble } from '../docker/DockerTrouble'
import { Page } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { AddServiceButton } from './AddServiceButton'
import { AllServicesButtons } from './AllServicesButtons'
import { LastKnown, StartPlan } from './lazy-lines'
import { NoServices } from './NoServices'
import { ServiceTools } from './ServiceCard'
import { currentStep } from './operation'
import { canStart, reasonOf, sinceOf, statusOf } from './state'
import { Loaded } from '../../api/Loaded'
import { StatusIcon, StatusLabel } from '../../ui/Status'
import { allLogsHref, hrefOf } from '../../ui/route'
import { useServiceActions } from './useServiceActions'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import { formatHost } from '../../i18n/format'
import c from './Services.module.css'
import { RuntimeTag } from './RuntimeTag'
import { isUnseen } from '../../../shared/service-state'

/** One line below the state: the step that goes on, the last known state, what is pending, or why it is there. */
function Why({ service }: { service: Service }) {
  const { id, operation, progress, pending } = service
  const reason = reasonOf(service) ?? pending?.reason
  if (operation !== null && progress) return <span className={c.why}>{currentStep(progress)?.title}</span>
  if (isUnseen(service)) {
    return (
      <span className={c.why}>
        <LastKnown id={id} />
      </span>
    )
  }
  const words = reason ? describeReason(reason) : null
  return (
    <>
      {words && (
        <span className={c.why} title={`${words.message} ${words.hint}`}>
          {words.message}
        </span>
      )}
      <StartPlan service={service} />
    </>
  )
}

function Row({ service }: { service: Service }) {
  const { t } = useTranslation('services')
  const actions = useServiceActions(service)
  return (
    <tr>
      <td>
        <a className={c.name} href={hrefOf('services', service.id)}>
          <KindIcon kind={service.kind} />
          <span className={c.nameText}>
            <b>{serviceName(service)}</b>
            <span className={`mono ${c.where}`}>{formatHost(service.url)}</span>
          </span>
        </a>
      </td>
      <td>
        <RuntimeTag runtime={service.runtime} />
      </td>
      <td>
        <span className={c.state}>
          <StatusLabel of={statusOf(service)} detail={<Age since={sinceOf(service)} />} />
          <Why service={service} />
        </span>
      </td>
      <td className={`${c.model} ${service.model === null ? 'dim' : 'mono'}`}>{service.model ?? t('fact.noModel')}</td>
      <td>
        <span className={c.tools}>
          {canStart(service) && (
            <Button
              variant="default"
              leftSection={<IconPlayerPlay size={15} stroke={1.6} />}
              onClick={actions.start}
              aria-label={t('do.startOf', { id: service.id })}
            >
              {t('do.start')}
            </Button>
          )}
          <ServiceTools service={service} actions={actions} />
        </span>
        {actions.dialog}
      </td>
    </tr>
  )
}

function Invalid({ entries }: { entries: InvalidService[] }) {
  const { t } = useTranslation('services')
  return (
    <Panel title={t('invalid.title')} note={t('invalid.note')}>
      <ul className={c.invalid}>
        {entries.map(({ position, id, issues }) => (
          <li key={position}>
            <StatusIcon of="warning" size={16} />
            <b>{id ?? t('invalid.entry', { position: position + 1 })}</b>
            <span>{issues.join('; ')}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function ServiceTable({ services }: { services: Service[] }) {
  const { t } = useTranslation('services')
  return (
    <Panel flush>
      <table className={c.table}>
        <thead>
          <tr>
            <th>{t('column.service')}</th>
            <th>{t('column.runtime')}</th>
            <th>{t('column.state')}</th>
            <th className={c.model}>{t('fact.model')}</th>
            <th>
              <span className="visually-hidden">{t('column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {services.map((service) => (
            <Row key={service.id} service={service} />
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

export default function ServicesPage() {
  const { t } = useTranslation(['services', 'overview', 'logs', 'common'])
  const services = useQuery(api.services.list.queryOptions())
  const invalid = useQuery(api.services.invalid.queryOptions()).data ?? []
  const isAdmin = useIsAdmin()
  const list = services.data ?? []
  const ready = list.filter(({ health }) => health.state === 'ready').length
  const unseen = list.filter(isUnseen).length
  return (
    <Page
      title={t('common:nav.services')}
      {...(list.length > 0 && {
        lead: unseen > 0 ? t('unseen', { count: unseen }) : t('overview:lead.ready', { ready, count: list.length }),
      })}
      actions={
        <>
          {list.length > 0 && (
            <Button
              variant="default"
              component="a"
              href={allLogsHref}
              leftSection={<IconFileText size={16} stroke={1.6} />}
            >
              {t('logs:allLogs')}
            </Button>
          )}
          <AllServicesButtons services={list} />
          {isAdmin && <AddServiceButton icon={<IconPlus size={16} />} />}
        </>
      }
    >
      <div className={c.page}>
        <DockerTrouble />
        <Loaded query={services}>
          {(data) => (data.length === 0 ? <NoServices /> : <ServiceTable services={data} />)}
        </Loaded>
        {invalid.length > 0 && <Invalid entries={invalid} />}
      </div>
    </Page>
  )
}
