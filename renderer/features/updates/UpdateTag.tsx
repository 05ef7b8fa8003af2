import { IconRefreshAlert } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { updateHref } from '../../ui/route'
import c from './Updates.module.css'
import { useLatestUpdate, useOffer } from './useUpdates'
import { isGoing } from './view'

/** A quiet mark beside the service's name: a newer version of its stack is there, or on its way. */
export function UpdateTag({ service }: { service: Service }) {
  const { t } = useTranslation('updates')
  const offer = useOffer(service).data
  const latest = useLatestUpdate(service.id)
  const going = latest !== undefined && isGoing(latest)
  if (!going && (offer?.to == null || offer.state === 'up-to-date')) return null
  const word = going ? t('activity.title', { id: service.id }) : t('tag', { version: offer?.to ?? '' })
  return (
    <a className={c.tag} href={updateHref(service.id)}>
      <IconRefreshAlert size={14} stroke={1.6} aria-hidden />
      {word}
    </a>
  )
}
