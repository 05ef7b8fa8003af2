import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FreedMemory, Service } from '../../../shared/contract'
import { applyEvent } from '../../api/cache'
import { api } from '../../api/query'
import type { EditDrawerProps } from './edit/EditDrawer'
import { EditService } from './edit/EditService'
import { showFreed } from './freed'
import { ServiceQuestion, type Question } from './ServiceQuestion'
import { roomOf } from './room'
import { isManaged, jobsOf } from './state'
import { showDone } from '../../ui/toast'
import { navigate } from '../../ui/route'
import { useRecentGenerations } from '../gallery/useRecentGenerations'
import { useServiceOperations } from './useServiceOperations'
import { hasPlan, planAgeMs } from './useStartPlan'

export interface ServiceActions {
  /** Asks first when its GPU has likely no room for it. */
  start: () => void
  /** Asks first when jobs would be lost. */
  stop: () => void
  restart: () => void
  /** Wakes a paused container. */
  unpause: () => void
  /** Asks first: the container vanishes. */
  recreate: () => void
  /** Where it is said already what differs: a recreate asks first, a restart only when jobs would be lost. */
  apply: (action: 'restart' | 'recreate') => void
  pull: () => void
  /** Asks first: the container is replaced when the image is built. */
  rebuild: () => void
  startProject: () => void
  /** Asks first: everything in the project ends. */
  stopProject: () => void
  /** Asks first: the project's containers vanish. */
  down: () => void
  cancel: () => void
  isCancelling: boolean
  probe: () => void
  isProbing: boolean
  freeMemory: () => void
  /** What the last freeing from here gave back. */
  freed: FreedMemory | null
  isFreeing: boolean
  /** Opens the drawer that changes it, or that makes a copy of it. */
  edit: () => void
  duplicate: () => void
  /** Asks first. */
  remove: () => void
  /** To be rendered beside the buttons: the question, when there is one. */
  dialog: ReactNode
}

/** The configuration that brings a removed service back. */
const configOf = ({ id, kind, runtime, url, credentialId, gpu, process, compose, ...kept }: Service) => ({
  ...{ id, kind, runtime, url, tags: kept.tags, idle: kept.idle, muted: kept.muted },
  ...(kept.name !== undefined && { name: kept.name }),
  ...(kept.order !== undefined && { order: kept.order }),
  ...(credentialId !== null && { credentialId }),
  ...(gpu && { gpuUuid: gpu.uuid }),
  ...(process && { process }),
  ...(compose && { compose }),
})

/** What is asked of the panel at once, without an operation that goes on. */
function useServiceCalls(service: Service, restart: () => void) {
  const { t } = useTranslation('services')
  const cache = useQueryClient()
  const { id } = service
  const put = (changed: Service) => applyEvent(cache, { type: 'service', service: changed })

  const probe = useMutation(api.services.probe.mutationOptions({ onSuccess: put }))
  const free = useMutation(
    api.services.freeMemory.mutationOptions({
      onSuccess: ({ freed, ...changed }) => {
        put(changed)
        showFreed(freed, isManaged(service) ? { label: t('do.restart'), run: restart } : undefined)
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
  return { probe, free, remove }
}

/** What can be done with a service. Its state comes back by events; what fails is told. */
export function useServiceActions(service: Service): ServiceActions {
  const cache = useQueryClient()
  const [question, setQuestion] = useState<Question | null>(null)
  const [editing, setEditing] = useState<EditDrawerProps['mode'] | null>(null)
  const { run, recreateWithoutFiles, cancel, isCancelling } = useServiceOperations(service)
  const { id } = service
  const jobs = jobsOf(service, useRecentGenerations())
  const unlessJobs = (what: 'stop' | 'restart') => () => (jobs > 0 ? setQuestion({ what }) : run(what))
  const { probe, free, remove } = useServiceCalls(service, unlessJobs('restart'))
  const start = async () => {
    const options = { ...api.services.startPlan.queryOptions({ input: { id } }), staleTime: planAgeMs }
    // A plan that cannot be had is no reason not to start: the start itself says what is wrong.
    const plan = hasPlan(service) ? await cache.query(options).catch(() => null) : null
    if (plan && roomOf(plan) === 'short') setQuestion({ what: 'start', plan })
    else run('start')
  }
  const answer = ({ what }: Question) => {
    setQuestion(null)
    if (what === 'remove') remove.mutate({ id })
    else if (what === 'recreate' && service.container?.madeFrom) recreateWithoutFiles()
    else run(what)
  }

  return {
    start: () => void start(),
    stop: unlessJobs('stop'),
    restart: unlessJobs('restart'),
    unpause: () => run('unpause'),
    recreate: () => setQuestion({ what: 'recreate' }),
    apply: (action) => (action === 'recreate' ? setQuestion({ what: 'recreate' }) : unlessJobs('restart')()),
    pull: () => run('pull'),
    rebuild: () => setQuestion({ what: 'rebuild' }),
    startProject: () => run('startProject'),
    stopProject: () => setQuestion({ what: 'stopProject' }),
    down: () => setQuestion({ what: 'down' }),
    cancel,
    isCancelling,
    probe: () => probe.mutate({ id }),
    isProbing: probe.isPending,
    freeMemory: () => free.mutate({ id }),
    isFreeing: free.isPending,
    freed: free.data?.freed ?? null,
    edit: () => setEditing('edit'),
    duplicate: () => setEditing('duplicate'),
    remove: () => setQuestion({ what: 'remove' }),
    dialog: (
      <>
        <ServiceQuestion
          service={service}
          jobs={jobs}
          question={question}
          onAnswer={answer}
          onClose={() => setQuestion(null)}
        />
        {editing && <EditService service={service} mode={editing} onClose={() => setEditing(null)} />}
      </>
    ),
  }
}
