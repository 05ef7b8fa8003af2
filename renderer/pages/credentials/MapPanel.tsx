import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, Place } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'
import { Ago } from '../../components/Ago'
import { FingerprintMap } from '../../components/fingerprint/FingerprintMap'
import { Panel, PanelAction } from '../../components/Panel'
import { Loaded, Loading } from '../../components/States'
import { showDone } from '../../components/toast'
import { useIsAdmin } from '../../hooks/useSession'
import c from './Credentials.module.css'

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
            <FingerprintMap
              credential={credential}
              places={places}
              checkedAt={checkedAt}
              writing={writing}
              onWrite={isAdmin ? write : undefined}
            />
            {credential.sinks.length === 0 && <p className={c.mapNote}>{t('map.noSinks')}</p>}
          </>
        )}
      </Loaded>
    </Panel>
  )
}
