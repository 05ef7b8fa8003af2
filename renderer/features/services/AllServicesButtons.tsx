import { Button } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { useAllServices } from './useAllServices'
import { startOrder } from './room'
import { canStart } from './state'
import { Tooltip } from '../../ui/Tooltip'
import { lazyPart } from '../../ui/parts'

const StartOrder = lazyPart(() => import('./StartOrder'))

const everyWay = { events: { hover: true, focus: true, touch: true } }

/** Start all and stop all, each only while there is something for it to do. */
export function AllServicesButtons({ services }: { services: readonly Service[] }) {
  const { t } = useTranslation('services')
  const all = useAllServices(services)
  const groups = startOrder(services.filter(canStart))
  const inTurns = groups.some(({ ids }) => ids.length > 1)
  return (
    <>
      {all.canStart && (
        <Tooltip
          label={
            <Suspense>
              <StartOrder groups={groups} />
            </Suspense>
          }
          disabled={!inTurns}
          multiline
          maw={320}
          {...everyWay}
        >
          <Button variant="default" leftSection={<IconPlayerPlay size={15} stroke={1.6} />} onClick={all.start}>
            {t('do.startAll')}
          </Button>
        </Tooltip>
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
