import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Operation, Service } from '../../../shared/contract'
import { applyEvent } from '../../api/cache'
import { api } from '../../api/query'
import { recordFailure } from './seen'
import { showDone } from '../../ui/toast'
import { parseHash } from '../../ui/route'
import { showFailure } from '../../api/errors'

/** Whether the service's own page is on screen, where a failure stays with its steps. */
const isOnItsPage = (id: string) => {
  const route = parseHash(location.hash)
  return route.page === 'services' && route.id === id
}

interface OperationsOptions {
  /** Tells that a start failed, in its own words, with a way to try it again. */
  failed?: (error: unknown, start: () => void) => void
}

/** The operations themselves, without questions. Their state comes back by events; a failure is kept with its steps. */
export function useServiceOperations(service: Service, { failed }: OperationsOptions = {}) {
  const { t } = useTranslation('services')
  const cache = useQueryClient()
  const { id, runtime } = service
  const put = (changed: Service) => applyEvent(cache, { type: 'service', service: changed })
  const kept = (operation: Operation) => ({
    meta: { quiet: true },
    onError: (error: unknown) => {
      recordFailure(cache, id, operation, error)
      const isStart = operation === 'start' || operation === 'restart'
      if (failed && isStart) failed(error, () => start.mutate({ id }))
      else if (runtime !== 'compose' || !isOnItsPage(id)) showFailure(error)
    },
  })
  const start = useMutation(
    api.services.start.mutationOptions({
      ...kept('start'),
      onSuccess: (changed) => {
        put(changed)
        if (changed.health.state === 'ready') showDone(t('done.ready', { id }))
      },
    }),
  )
  const stop = useMutation(api.services.stop.mutationOptions({ ...kept('stop'), onSuccess: put }))
  const restart = useMutation(api.services.restart.mutationOptions({ ...kept('restart'), onSuccess: put }))
  const unpause = useMutation(api.services.unpause.mutationOptions({ ...kept('unpause'), onSuccess: put }))
  const recreate = useMutation(api.services.recreate.mutationOptions({ ...kept('recreate'), onSuccess: put }))
  const rebuild = useMutation(api.services.rebuild.mutationOptions({ ...kept('rebuild'), onSuccess: put }))
  const startProject = useMutation(api.services.startProject.mutationOptions({ ...kept('start'), onSuccess: put }))
  const stopProject = useMutation(api.services.stopProject.mutationOptions({ ...kept('stop'), onSuccess: put }))
  const pull = useMutation(api.services.pull.mutationOptions({ ...kept('pull'), onSuccess: put }))
  const down = useMutation(api.services.down.mutationOptions({ ...kept('down'), onSuccess: put }))
  const cancel = useMutation(api.services.cancel.mutationOptions({ onSuccess: put }))
  const mutations = { start, stop, restart, unpause, recreate, rebuild, startProject, stopProject, pull, down }
  return {
    run: (operation: Operation | 'startProject' | 'stopProject') => mutations[operation].mutate({ id }),
    /** A recreate that was asked for knowing that it leaves out what further Compose files added. */
    recreateWithoutFiles: () => recreate.mutate({ id, leaveOutFiles: true }),
    cancel: () => cancel.mutate({ id }),
    isCancelling: cancel.isPending,
  }
}
