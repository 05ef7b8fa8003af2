import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Place, Service } from '../../../../shared/contract'
import { useServiceActions } from '../../services/useServiceActions'
import c from './FingerprintMap.module.css'
import { canBeAdopted, canBeWritten } from './groups'

export interface PlaceAnswers {
  services: readonly Service[]
  isAdmin: boolean
  /** Ids of the sinks that are being written. */
  writing: ReadonlySet<string>
  /** Writes the vault's value to one sink. */
  write: (place: Place) => void
  /** Takes what stands in one sink into the vault. */
  adopt: (place: Place) => void
}

/** What can be done about a place that is not as it should be. */
export function PlaceAnswer({ place, answers }: { place: Place; answers: PlaceAnswers }) {
  const { t } = useTranslation('credentials')
  const { services, isAdmin, writing, write, adopt } = answers
  const what = `${place.where} ${place.key ?? ''}`.trim()
  const service = services.find(({ id }) => id === place.serviceId)
  if (place.state === 'needs-restart' || place.state === 'needs-recreate') {
    const action = place.state === 'needs-restart' ? 'restart' : 'recreate'
    // A container is recreated by administrators only.
    return service && (action === 'restart' || isAdmin) ? <ServiceAnswer service={service} action={action} /> : null
  }
  if (!isAdmin || !canBeWritten(place)) return null
  return (
    <span className={c.answers}>
      <Button
        variant="light"
        className={c.fix}
        loading={writing.has(place.id)}
        onClick={() => write(place)}
        aria-label={`${t('map.write')}: ${what}`}
      >
        {t('map.write')}
      </Button>
      {canBeAdopted(place) && (
        <Button
          variant="default"
          className={c.fix}
          onClick={() => adopt(place)}
          aria-label={`${t('map.adopt')}: ${what}`}
        >
          {t('map.adopt')}
        </Button>
      )}
    </span>
  )
}

function ServiceAnswer({ service, action }: { service: Service; action: 'restart' | 'recreate' }) {
  const { t } = useTranslation('credentials')
  const actions = useServiceActions(service)
  return (
    <span className={c.answers}>
      <Button
        variant="light"
        className={c.fix}
        loading={service.operation !== null}
        onClick={() => actions.apply(action)}
        aria-label={t(`map.answers.${action}Of`, { service: service.id })}
      >
        {t(`map.answers.${action}`)}
      </Button>
      {actions.dialog}
    </span>
  )
}
