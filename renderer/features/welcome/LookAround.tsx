import { Button } from '@mantine/core'
import { IconActivityHeartbeat, IconKey, IconPhoto, IconPlayerPlay, type Icon } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/query'
import { isUp } from '../../../shared/service-state'
import { Loading } from '../../ui/States'
import { useIsAdmin } from '../../api/useSession'
import { useAddSimulators } from '../services/useSimulators'
import { ServiceLines } from './ServiceLines'
import c from './Welcome.module.css'
import { Loaded } from '../../api/Loaded'

const things = ['health', 'rotate', 'generate'] as const

const icons: Record<(typeof things)[number], Icon> = {
  health: IconActivityHeartbeat,
  rotate: IconKey,
  generate: IconPhoto,
}

function StartButton({ missing }: { missing: boolean }) {
  const { t } = useTranslation('welcome')
  const simulators = useAddSimulators()
  const start = useMutation(api.services.startAll.mutationOptions())
  return (
    <Button
      variant="light"
      leftSection={<IconPlayerPlay size={15} stroke={1.6} />}
      onClick={() => (missing ? simulators.add() : start.mutate(undefined))}
      loading={simulators.isBusy}
      className={c.start}
    >
      {missing ? t('look.add') : t('look.start')}
    </Button>
  )
}

/** Adds and starts the simulated services, and says what can be tried with them. */
export function LookAround() {
  const { t } = useTranslation('welcome')
  const isAdmin = useIsAdmin()
  const services = useQuery(api.services.list.queryOptions())
  return (
    <>
      <Loaded query={services} loading={<Loading rows={2} height={40} />}>
        {(all) => {
          const simulated = all.filter(({ runtime }) => runtime === 'simulator')
          const isDown = simulated.some((service) => !isUp(service) && service.operation === null)
          const isMissing = simulated.length < 2
          return (
            <>
              {simulated.length > 0 && <ServiceLines services={simulated} />}
              {((isMissing && isAdmin) || isDown) && <StartButton missing={isMissing && isAdmin} />}
            </>
          )
        }}
      </Loaded>
      <ul className={c.things}>
        {things.map((thing) => {
          const I = icons[thing]
          return (
            <li key={thing}>
              <I size={18} stroke={1.6} aria-hidden />
              <b>{t(`look.try.${thing}.title`)}</b>
              <span>{t(`look.try.${thing}.text`)}</span>
            </li>
          )
        })}
      </ul>
    </>
  )
}
