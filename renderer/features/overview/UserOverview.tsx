import { IconStack2 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { Panel } from '../../ui/Panel'
import { Empty } from '../../ui/States'
import { useRecentGenerations } from '../gallery/useRecentGenerations'
import { UserServiceCard } from '../services/UserServiceCard'
import { GpuStrip } from './GpuStrip'
import { RecentGenerations } from './RecentGenerations'
import c from './Overview.module.css'

/** The Overview of somebody who is no administrator: how the services are, the GPUs, and the own images. */
export default function UserOverview({ services }: { services: Service[] }) {
  const { t } = useTranslation('overview')
  const items = useRecentGenerations()
  return (
    <div className={c.page}>
      {services.length === 0 ? (
        <Panel>
          <Empty icon={IconStack2} title={t('empty.title')}>
            {t('empty.userText')}
          </Empty>
        </Panel>
      ) : (
        <div className={c.grid} data-cards="many">
          {services.map((service) => (
            <UserServiceCard key={service.id} service={service} />
          ))}
        </div>
      )}
      <GpuStrip asColumn={false} />
      <RecentGenerations generations={items} lines={1} />
    </div>
  )
}
