import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, Place } from '../../../shared/contract'
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

/** Where the secret stands, read and compared; a place that differs can be put right from its row. */
export function MapPanel({ credential }: { credential: Credential }) {
  const { t } = useTranslation('credentials')
  const isAdmin = useIsAdmin()
  const input = { id: credential.id }
  const drift = useQuery(api.credentials.drift.queryOptions({ input }))
  const { dataUpdatedAt } = drift
  useEffect(() => {
    // What was found also counts for the state that the list and the rail show.
    if (dataUpdatedAt > 0) void queryClient.invalidateQueries({ queryKey: api.credentials.list.key() })
  }, [dataUpdatedAt])
  const all = useQuery(api.services.list.queryOptions()).data
  const services = (all ?? []).filter(({ id }) => credential.serviceIds.includes(id))
  const standing = services.map(({ container, health }) => `${container?.id ?? ''} ${health.state}`).join()
  const { refetch } = drift
  const told = useRef(standing)
  useEffect(() => {
    // Files are watched by the core; another container, or one that has started, leads to a new reading as well.
    if (told.current !== standing) void refetch()
    told.current = standing
  }, [standing, refetch])
  const [writing, setWriting] = useState<ReadonlySet<string>>(new Set())
  const sync = useMutation(api.credentials.sync.mutationOptions())
  const write = (place: Place) => {
    const mark = (isOn: boolean) =>
      setWriting((now) => new Set([...[...now].filter((id) => id !== place.id), ...(isOn ? [place.id] : [])]))
    mark(true)
    sync.mutate(
      { ...input, sinkId: place.id },
      {
        onSuccess: (read) => {
          queryClient.setQueryData(api.credentials.drift.queryKey({ input }), read)
          showDone(t('map.written', { path: place.where }))
        },
        onSettled: () => mark(false),
      },
    )
  }
  const [adopting, setAdopting] = useState<Place | null>(null)
  const adopt = useMutation(
    api.credentials.adopt.mutationOptions({
      onSuccess: () => {
        showDone(t('map.adopted'))
        void drift.refetch()
      },
      onSettled: () => setAdopting(null),
    }),
  )
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
        <ConfirmDialog
          opened
          title={t('map.adoptTitle')}
          confirm={t('map.adopt')}
          onConfirm={() => adopt.mutate({ ...input, sinkId: adopting.id })}
          busy={adopt.isPending}
          onClose={() => setAdopting(null)}
        >
          {t('map.adoptText', { path: adopting.where })}
        </ConfirmDialog>
      )}
    </Panel>
  )
}
