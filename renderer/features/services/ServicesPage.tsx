import { Button } from '@mantine/core'
import { IconFileText, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { InvalidService } from '../../../shared/contract'
import { isUnseen } from '../../../shared/service-state'
import { api } from '../../api/query'
import { Loaded } from '../../api/Loaded'
import { useIsAdmin } from '../../api/useSession'
import { Page } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { allLogsHref } from '../../ui/route'
import { StatusIcon } from '../../ui/Status'
import { DockerTrouble } from '../docker/DockerTrouble'
import { AddServiceButton } from './AddServiceButton'
import { AllServicesMenu } from './AllServicesMenu'
import { ServiceList } from './list/ServiceList'
import { NoServices } from './NoServices'
import c from './Services.module.css'

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

/** All services, to find, sort, group, choose and do something with many of them. */
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
          <AllServicesMenu services={list} />
          {isAdmin && <AddServiceButton icon={<IconPlus size={16} />} />}
        </>
      }
    >
      <div className={c.page}>
        <DockerTrouble />
        <Loaded query={services}>
          {(data) => (data.length === 0 ? <NoServices /> : <ServiceList services={data} />)}
        </Loaded>
        {invalid.length > 0 && <Invalid entries={invalid} />}
      </div>
    </Page>
  )
}
