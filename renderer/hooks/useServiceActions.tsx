import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../shared/contract'
import { applyEvent } from '../api/cache'
import { api } from '../api/query'
import { ConfirmDialog } from '../components/ConfirmDialog'
import { jobsOf } from '../components/service/state'
import { showDone } from '../components/toast'
import { navigate } from './useHashRoute'
import { useRecentGenerations } from './useRecentGenerations'

type Asking = 'stop' | 'restart' | 'remove'

export interface ServiceActions {
  start: () => void
  /** Asks first when jobs would be lost. */
  stop: () => void
  restart: () => void
  probe: () => void
  isProbing: boolean
  freeMemory: () => void
  isFreeing: boolean
  /** Asks first. */
  remove: () => void
  /** To be rendered beside the buttons: the question, when there is one. */
  dialog: ReactNode
}

/** The configuration that brings a removed service back. */
const configOf = ({ id, kind, runtime, url, credentialId, gpu, process, compose }: Service) => ({
  id,
  kind,
  runtime,
  url,
  ...(credentialId !== null && { credentialId }),
  ...(gpu && { gpuUuid: gpu.uuid }),
  ...(process && { process }),
  ...(compose && { compose }),
})

/** What can be done with a service. Its state comes back by events; what fails becomes a toast. */
export function useServiceActions(service: Service): ServiceActions {
  const { t } = useTranslation(['services', 'common'])
  const cache = useQueryClient()
  const [asking, setAsking] = useState<Asking>('stop')
  const [isAsking, setIsAsking] = useState(false)
  const { id } = service
  const put = (changed: Service) => applyEvent(cache, { type: 'service', service: changed })

  const start = useMutation(
    api.services.start.mutationOptions({
      onSuccess: (changed) => {
        put(changed)
        if (changed.health.state === 'ready') showDone(t('done.ready', { id }))
      },
    }),
  )
  const stop = useMutation(api.services.stop.mutationOptions({ onSuccess: put }))
  const restart = useMutation(api.services.restart.mutationOptions({ onSuccess: put }))
  const probe = useMutation(api.services.probe.mutationOptions({ onSuccess: put }))
  const free = useMutation(
    api.services.freeMemory.mutationOptions({
      onSuccess: (changed) => {
        put(changed)
        showDone(t('done.freed', { id }))
      },
    }),
  )
  const create = useMutation(api.services.create.mutationOptions({ onSuccess: put }))
  const remove = useMutation(
    api.services.remove.mutationOptions({
      onSuccess: () => {
        applyEvent(cache, { type: 'service-removed', id })
        navigate('services')
        showDone(t('done.removed', { id }), { undo: () => create.mutate(configOf(service)) })
      },
    }),
  )

  const jobs = jobsOf(service, useRecentGenerations())
  const run = { stop, restart, remove }
  const question = (what: Asking) => {
    setAsking(what)
    setIsAsking(true)
  }
  const answer = (what: Asking) => {
    setIsAsking(false)
    run[what].mutate({ id })
  }
  const ask = (what: 'stop' | 'restart') => () => (jobs > 0 ? question(what) : answer(what))

  return {
    start: () => start.mutate({ id }),
    stop: ask('stop'),
    restart: ask('restart'),
    probe: () => probe.mutate({ id }),
    isProbing: probe.isPending,
    freeMemory: () => free.mutate({ id }),
    isFreeing: free.isPending,
    remove: () => question('remove'),
    dialog: (
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={t(`confirm.${asking}.title`, { id })}
        confirm={t(`confirm.${asking}.button`)}
        dangerous={asking === 'remove'}
        onConfirm={() => answer(asking)}
      >
        <p>{t(`confirm.${asking}.text`, { id })}</p>
        {jobs > 0 && <p>{t('confirm.jobs', { count: jobs })}</p>}
      </ConfirmDialog>
    ),
  }
}
