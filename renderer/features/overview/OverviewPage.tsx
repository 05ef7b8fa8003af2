import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconSparkles } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { Loaded } from '../../api/Loaded'
import { lazyPage } from '../../api/lazyPage'
import { useIsAdmin, useSeesAll } from '../../api/useSession'
import { Page } from '../../ui/Page'
import { hrefOf } from '../../ui/route'
import { Loading } from '../../ui/States'
import { Attention, NoAttention } from '../attention/Attention'
import { useAttention } from '../attention/useAttention'
import { useRecentGenerations } from '../gallery/useRecentGenerations'
import { useGpuCards, useGpuOf } from '../gpus/useGpus'
import { AddServiceButton } from '../services/AddServiceButton'
import { AllServicesMenu } from '../services/AllServicesMenu'
import { NoServices } from '../services/NoServices'
import { ServiceCard } from '../services/ServiceCard'
import { GpuStrip } from './GpuStrip'
import { Looked } from './Looked'
import { RecentGenerations } from './RecentGenerations'
import { useLead } from './useLead'
import c from './Overview.module.css'
import { lazyPart } from '../../ui/parts'

const UserOverview = lazyPage(() => import('./UserOverview'))
const ServiceRows = lazyPart(() => import('../services/list/ServiceRows'))

/** More services than this stand in rows. */
const mostCards = 6

/** With no more services than this the cards of the machine stand beside them. */
const mostBesideGpus = 2

function NeedsAttention({ services }: { services: readonly Service[] }) {
  const items = useAttention()
  if (items.length > 0) return <Attention items={items} />
  return (
    services.length > 0 && (
      <NoAttention>
        <Looked services={services} />
      </NoAttention>
    )
  )
}

function Card({ service }: { service: Service }) {
  const generations = useRecentGenerations()
  const credentials = useQuery(api.credentials.list.queryOptions()).data
  const gpu = useGpuOf(service.gpu?.uuid)
  return (
    <ServiceCard
      service={service}
      generations={generations}
      credential={credentials?.find(({ id }) => id === service.credentialId)}
      gpu={gpu}
    />
  )
}

function Few({ services }: { services: Service[] }) {
  const hasGpus = useGpuCards().length > 0
  const beside = services.length <= mostBesideGpus
  return (
    <>
      {!beside && hasGpus && <GpuStrip asColumn={false} />}
      <div className={c.grid} data-cards={beside ? services.length : 'many'}>
        {services.map((service) => (
          <Card key={service.id} service={service} />
        ))}
        {(beside || !hasGpus) && <GpuStrip asColumn />}
      </div>
    </>
  )
}

function Content({ services }: { services: Service[] }) {
  const generations = useRecentGenerations()
  const isMany = services.length > mostCards
  return (
    <div className={c.page}>
      <NeedsAttention services={services} />
      {services.length === 0 && <NoServices also={<AddServiceButton />} />}
      {isMany && (
        <>
          <GpuStrip asColumn={false} />
          <Suspense fallback={<Loading rows={services.length} height={38} />}>
            <ServiceRows services={services} />
          </Suspense>
        </>
      )}
      {services.length > 0 && !isMany && <Few services={services} />}
      {services.length === 0 && <GpuStrip asColumn={false} />}
      <RecentGenerations generations={generations} lines={isMany || services.length > mostBesideGpus ? 1 : 2} />
    </div>
  )
}

/** What needs somebody, what is free, what works: in this order, at any width. */
export default function OverviewPage() {
  const { t } = useTranslation(['overview', 'common'])
  const services = useQuery(api.services.list.queryOptions())
  const isAdmin = useIsAdmin()
  const seesAll = useSeesAll()
  const lead = useLead(services.data ?? [])
  const hasSome = (services.data ?? []).length > 0
  const generate = { component: 'a', href: hrefOf('studio') } as const
  return (
    <Page
      title={t('common:nav.overview')}
      lead={lead}
      actions={
        hasSome && (
          <>
            {seesAll && <AllServicesMenu services={services.data ?? []} />}
            {isAdmin && <AddServiceButton icon={<IconPlus size={16} />} />}
            <Button {...generate} leftSection={<IconSparkles size={16} />}>
              {t('common:action.newGeneration')}
            </Button>
          </>
        )
      }
      narrow={{
        header: hasSome && (
          <ActionIcon {...generate} variant="filled" aria-label={t('common:action.newGeneration')}>
            <IconSparkles size={18} />
          </ActionIcon>
        ),
      }}
    >
      <Loaded query={services} loading={<Loading rows={8} height={32} />}>
        {(data) => (seesAll ? <Content services={data} /> : <UserOverview services={data} />)}
      </Loaded>
    </Page>
  )
}
