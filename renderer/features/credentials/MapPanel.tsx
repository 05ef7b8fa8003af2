import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, Place, Service } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'
import { Ago } from '../../ui/Ago'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { FingerprintMap } from './fingerprint/FingerprintMap'
import { Panel, PanelAction } from '../../ui/Panel'
import { Loading } from '../../ui/States'
import { showDone } from '../../ui/toast'
import { useIsAdmin } from '../../api/useSession'
import c from './Credentials.module.css'
import { Loaded } from '../../api/Loaded'

/** Where the secret stands; read anew when one of the services has another container, or comes up. */
function useDrift(id: string, services: Service[]) {
  const drift = useQuery(api.credentials.drift.queryOptions({ input: { id } }))
  const { dataUpdatedAt, refetch } = drift
  useEffect(() => {
    // What was found also counts for the state that the list and the rail show.
    if (dataUpdatedAt > 0) void queryClient.invalidateQueries({ queryKey: api.credentials.list.key() })
  }, [dataUpdatedAt])
  const standing = services.map(({ container, health }) => `${container?.id ?? ''} ${health.state}`).join()
  const told = useRef(standing)
  useEffect(() => {
    // Files are watched by the core; another container, or one that has started, leads to a new reading as well.
    if (told.current !== standing) void refetch()
    told.current = standing
  }, [standing, refetch])
  return drift
}

/** Writes the secret to a place; `writing` are the ids of those where that goes on. */
function useWriting(id: string) {
  const { t } = useTranslation('credentials')
  const [writing, setWriting] = useState<ReadonlySet<string>>(new Set())
  const sync = useMutation(api.credentials.sync.mutationOptions())
  const write = (place: Place) => {
    const mark = (isOn: boolean) =>
      setWriting((now) => new Set([...[...now].filter((one) => one !== place.id), ...(isOn ? [place.id] : [])]))
    mark(true)
    sync.mutate(
      { id, sinkId: place.id },
      {
        onSuccess: (read) => {
          queryClient.setQueryData(api.credentials.drift.queryKey({ input: { id } }), read)
          showDone(t('map.written', { path: place.where }))
        },
        onSettled: () => mark(false),
      },
    )
  }
  return { writing, write }
}

interface AdoptDialogProps {
  id: string
  place: Place
  onAdopted: () => void
  onClose: () => void
}

/** Asks before the vault takes over what stands in a place. */
function AdoptDialog({ id, place, onAdopted, onClose }: AdoptDialogProps) {
  const { t } = useTranslation('credentials')
  const adopt = useMutation(
    api.credentials.adopt.mutationOptions({
      onSuccess: () => {
        showDone(t('map.adopted'))
        onAdopted()
      },
      onSettled: onClose,
    }),
  )
  return (
    <ConfirmDialog
      opened
      title={t('map.adoptTitle')}
      confirm={t('map.adopt')}
      onConfirm={() => adopt.mutate({ id, sinkId: place.id })}
      busy={adopt.isPending}
      onClose={onClose}
    >
      {t('map.adoptText', { path: place.where })}
    </ConfirmDialog>
  )
}

/** Where the secret stands, read and compared; a place that differs can be put right from its row. */
export function MapPanel({ credential }: { credential: Credential }) {
  const { t } = useTranslation('credentials')
  const isAdmin = useIsAdmin()
  const all = useQuery(api.services.list.queryOptions()).data
  const services = (all ?? []).filter(({ id }) => credential.serviceIds.includes(id))
  const drift = useDrift(credential.id, services)
  const { writing, write } = useWriting(credential.id)
  const [adopting, setAdopting] = useState<Place | null>(null)
  return (
    <Panel
      title={t('map.title')}
      note={
        drift.data && (
          <>
            {t('map.read')} <Ago at={drift.data.checkedAt} />
          </>
        )
      }
      action={
        <PanelAction onClick={() => void drift.refetch()} disabled={drift.isFetching}>
          {t(drift.isFetching ? 'map.reading' : 'map.again')}
        </PanelAction>
      }
      flush
    >
      <Loaded query={drift} loading={<div className={c.mapLoading}>{<Loading rows={4} />}</div>}>
        {({ places, checkedAt }) => (
          <>
            <div className={c.mapScroll}>
              <FingerprintMap
                credential={credential}
                places={places}
                checkedAt={checkedAt}
                answers={{ services, isAdmin, writing, write, adopt: setAdopting }}
              />
            </div>
            {credential.sinks.length === 0 && <p className={c.mapNote}>{t('map.noSinks')}</p>}
          </>
        )}
      </Loaded>
      {adopting && (
        <AdoptDialog
          id={credential.id}
          place={adopting}
          onAdopted={() => void drift.refetch()}
          onClose={() => setAdopting(null)}
        />
      )}
    </Panel>
  )
}
