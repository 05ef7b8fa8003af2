import { Button } from '@mantine/core'
import { IconExternalLink, IconRefreshAlert } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service, Update, UpdateOffer } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { ErrorState } from '../../api/Loaded'
import { api } from '../../api/query'
import { formatDuration } from '../../i18n/format'
import { Page } from '../../ui/Page'
import { hrefOf } from '../../ui/route'
import { Loading } from '../../ui/States'
import { StatusPill, type StatusKey } from '../../ui/Status'
import { useNow } from '../../ui/useNow'
import { Course } from './Course'
import { Offer } from './Offer'
import { useOrdering } from './useOrdering'
import { useOffer } from './useUpdates'
import { isWanted, latestOf, standing, viewOf } from './view'

/** A service's update: what it would do, how it goes on, how it ended. */
export default function UpdatePage({ id }: { id: string }) {
  const service = useQuery(api.services.get.queryOptions({ input: { id } }))
  const updates = useQuery(api.updates.list.queryOptions())
  const error = service.error ?? updates.error
  if (service.data && updates.data) return <OfService service={service.data} latest={latestOf(updates.data, id)} />
  return (
    <Frame id={id} name={id}>
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void service.refetch()
            void updates.refetch()
          }}
        />
      ) : (
        <Loading rows={8} />
      )}
    </Frame>
  )
}

interface FrameProps {
  id: string
  name: string
  pill?: React.ReactNode
  actions?: React.ReactNode
  children: React.ReactNode
}

function Frame({ id, name, ...page }: FrameProps) {
  const { t } = useTranslation(['updates', 'common'])
  return (
    <Page
      title={t('title')}
      parent={{
        label: name,
        href: hrefOf('services', id),
        above: { label: t('common:nav.services'), href: hrefOf('services') },
      }}
      {...page}
    />
  )
}

function OfService({ service, latest }: { service: Service; latest: Update | undefined }) {
  // Asked for after one update: the next one is shown however it ends.
  const [wantedAfter, setWantedAfter] = useState<string | null>(null)
  const offer = useOffer(service)
  const ordering = useOrdering(offer.data)
  const shown = viewOf(latest, offer.data, latest?.id === wantedAfter)
  const update = shown === 'update' ? latest : undefined
  return (
    <Frame
      id={service.id}
      name={serviceName(service)}
      pill={update ? <UpdatePill update={update} /> : offer.data && <OfferPill state={offer.data.state} />}
      actions={
        <>
          <ReleaseNotes href={offer.data?.releaseNotes ?? null} />
          {!update && offer.data?.state === 'available' && (
            <Begin isPending={ordering.isPending} onClick={ordering.start} />
          )}
        </>
      }
    >
      {update ? (
        <Course service={service} update={update} onAgain={() => setWantedAfter(update.id)} />
      ) : offer.data ? (
        <Offer offer={offer.data} ordering={ordering} />
      ) : offer.error ? (
        <ErrorState error={offer.error} onRetry={() => void offer.refetch()} />
      ) : (
        <Loading rows={8} />
      )}
    </Frame>
  )
}

/** The person's own browser asks for them; Regie does not. */
function ReleaseNotes({ href }: { href: string | null }) {
  const { t } = useTranslation('updates')
  if (href === null || !href.startsWith('https://')) return null
  return (
    <Button
      component="a"
      variant="default"
      href={href}
      target="_blank"
      rel="noreferrer"
      leftSection={<IconExternalLink size={16} stroke={1.6} />}
    >
      {t('action.releaseNotes')}
    </Button>
  )
}

function Begin({ isPending, onClick }: { isPending: boolean; onClick: () => void }) {
  const { t } = useTranslation('updates')
  return (
    <Button leftSection={<IconRefreshAlert size={16} stroke={1.6} />} loading={isPending} onClick={onClick}>
      {t('action.update')}
    </Button>
  )
}

const offerIcons: Record<UpdateOffer['state'], StatusKey> = {
  available: 'notice',
  'up-to-date': 'ready',
  refused: 'warning',
}

function OfferPill({ state }: { state: UpdateOffer['state'] }) {
  const { t } = useTranslation('updates')
  return <StatusPill of={offerIcons[state]} word={t(`pill.${state}`)} />
}

const ended: Record<Exclude<Update['state'], 'running' | 'rolling-back'>, StatusKey> = {
  switched: 'ready',
  kept: 'ready',
  'rolled-back': 'failed',
  failed: 'failed',
}

function UpdatePill({ update }: { update: Update }) {
  const { state, steps, startedAt, finishedAt } = update
  const { t } = useTranslation('updates')
  const now = useNow()
  const detail = formatDuration(Math.max(0, (finishedAt ?? now) - startedAt))
  if (state === 'running')
    return <StatusPill of="running" word={t(`pill.running.${standing(steps).id}`)} detail={detail} />
  if (state === 'rolling-back') return <StatusPill of="running" word={t('pill.rolling-back')} detail={detail} />
  // Somebody asked for it: nothing went wrong.
  if (state === 'rolled-back' && isWanted(update))
    return <StatusPill of="notice" word={t(update.reason ? 'pill.rolled-back' : 'pill.undone')} />
  return <StatusPill of={ended[state]} word={t(`pill.${state}`)} {...(finishedAt !== null && { detail })} />
}
