import { Button } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { useAllServices } from '../../hooks/useAllServices'

/** Start all and stop all, each only while there is something for it to do. */
export function AllServicesButtons({ services }: { services: readonly Service[] }) {
  const { t } = useTranslation('services')
  const all = useAllServices(services)
  return (
    <>
      {all.canStart && (
        <Button variant="default" leftSection={<IconPlayerPlay size={15} stroke={1.6} />} onClick={all.start}>
          {t('do.startAll')}
        </Button>
      )}
      {all.canStop && (
        <Button variant="default" leftSection={<IconPlayerStop size={15} stroke={1.6} />} onClick={all.stop}>
          {t('do.stopAll')}
        </Button>
      )}
      {all.dialog}
    </>
  )
}
