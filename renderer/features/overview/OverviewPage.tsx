import { Button } from '@mantine/core'
import { IconCircleCheck, IconPlus, IconSparkles } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { lazyPage } from '../../api/lazyPage'
import { Attention } from '../attention/Attention'
import { Page } from '../../ui/Page'
import { Panel } from '../../ui/Panel'
import { AddServiceButton } from '../services/AddServiceButton'
import { AllServicesButtons } from '../services/AllServicesButtons'
import { NoServices } from '../services/NoServices'
import { ServiceCard } from '../services/ServiceCard'
import { Loading } from '../../ui/States'
import { useAttention } from '../attention/useAttention'
import { useGpus } from '../gpus/useGpus'
import { hrefOf } from '../../ui/route'
import { useRecentGenerations } from '../gallery/useRecentGenerations'
import { useIsAdmin, useSeesAll } from '../../api/useSession'
import { GpuStrip } from './GpuStrip'
import { RecentGenerations } from './RecentGenerations'
import c from './Overview.module.css'
import { Loaded } from '../../api/Loaded'

const UserOverview = lazyPage(() => import('./UserOverview'))

function NeedsYou() {
  const { t } = useTranslation('overview')
  const items = useAttention()
  return (
    <Panel
      title={t('attention.title')}
      note={items.length > 0 ? items.length : undefined}
      fill
      flush
      className={items.length > 0 ? c.attention : `${c.attention} ${c.quiet}`}
    >
      {items.length > 0 ? (
        <Attention items={items} />
      ) : (
        <p className={`${c.nothing} ${c.padded}`}>
          <IconCircleCheck size={18} stroke={1.6} aria-hidden />
          {t('attention.none')}
        </p>
      )}
    </Panel>
  )
}

function Cards({ services }: { services: Service[] }) {
  const { report } = useGpus()
  const items = useRecentGenerations()
  const credentials = useQuery(api.credentials.list.queryOptions())
  return (
    <div className={c.grid} data-cards={Math.min(services.length, 3)}>
      {services.length === 0 ? (
        <NoServices className={c.wide} also={<AddServiceButton />} />
      ) : (
        services.map((service) => (
          <ServiceCard
            key={service.id}
            service={service}
            generations={items}
            credential={credentials.data?.find(({ id }) => id === service.credentialId)}
            gpu={report?.gpus.find(({ uuid }) => uuid === service.gpu?.uuid)}
          />
        ))
      )}
      {services.length > 0 && <NeedsYou />}
      <GpuStrip />
      <RecentGenerations generations={items} />
    </div>
  )
}

export default function OverviewPage() {
  const { t } = useTranslation(['overview', 'common'])
  const services = useQuery(api.services.list.queryOptions())
  const attention = useAttention().length
  const isAdmin = useIsAdmin()
  const seesAll = useSeesAll()
  const list = services.data ?? []
  const ready = list.filter(({ health }) => health.state === 'ready').length
  const lead =
    list.length === 0
      ? undefined
      : [t('lead.ready', { ready, count: list.length }), attention > 0 && t('lead.needsYou', { count: attention })]
          .filter(Boolean)
          .join(', ')
  return (
    <Page
      title={t('common:nav.overview')}
      lead={lead}
      actions={
        <>
          {seesAll && <AllServicesButtons services={list} />}
          {isAdmin && list.length > 0 && <AddServiceButton icon={<IconPlus size={16} />} />}
          {list.length > 0 && (
            <Button component="a" href={hrefOf('studio')} leftSection={<IconSparkles size={16} />}>
              {t('common:action.newGeneration')}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={services} loading={<Loading rows={8} height={32} />}>
        {(data) => (seesAll ? <Cards services={data} /> : <UserOverview services={data} />)}
      </Loaded>
    </Page>
  )
}
