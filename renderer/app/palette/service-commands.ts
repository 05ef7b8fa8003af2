import {
  IconArrowBackUp,
  IconBan,
  IconCopyPlus,
  IconDoor,
  IconDownload,
  IconExternalLink,
  IconFileText,
  IconHammer,
  IconPencil,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconRefreshAlert,
  IconReplace,
  IconRotate,
  IconSparkles,
  IconSquareX,
  IconStack2,
  IconStethoscope,
  type Icon,
} from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Service, Update } from '../../../shared/contract'
import { kinds } from '../../../shared/kinds'
import { serviceName } from '../../../shared/service-name'
import { isPaused, isUnseen, isUp } from '../../../shared/service-state'
import { api } from '../../api/query'
import { showFreed } from '../../features/services/freed'
import { useSeesAll } from '../../api/useSession'
import { useRecentGenerations } from '../../features/gallery/useRecentGenerations'
import { isManaged, jobsOf } from '../../features/services/state'
import { canUndo, isGoing, latestOf } from '../../features/updates/view'
import { askHref, hrefOf, navigate, studioHref, updateHref } from '../../ui/route'
import { go, openInTab, type Command } from './command'

type Words = TFunction<['palette', 'services', 'operations', 'updates']>

/** What can be done to services, by their ids. */
function useActs() {
  const { services, exposure } = api
  const acts = {
    start: useMutation(services.start.mutationOptions()),
    stop: useMutation(services.stop.mutationOptions()),
    restart: useMutation(services.restart.mutationOptions()),
    free: useMutation(services.freeMemory.mutationOptions({ onSuccess: ({ freed }) => showFreed(freed) })),
    pull: useMutation(services.pull.mutationOptions()),
    startProject: useMutation(services.startProject.mutationOptions()),
    unpause: useMutation(services.unpause.mutationOptions()),
    cancel: useMutation(services.cancel.mutationOptions()),
  }
  const expose = useMutation(exposure.run.mutationOptions())
  return {
    does: (act: keyof typeof acts, id: string) => () => acts[act].mutate({ id }),
    expose: (id: string) => expose.mutate({ id, wait: false }),
  }
}

type Acts = ReturnType<typeof useActs>

/** Start, or stop and restart. */
function lifeCommands(service: Service, { does }: Acts, jobs: number, t: Words): Command[] {
  const { id, operation } = service
  if (!isManaged(service) || operation !== null || isUnseen(service)) return []
  const loses = jobs > 0 ? { hint: t('jobsLost', { count: jobs }) } : {}
  const command = (act: 'start' | 'stop' | 'restart', icon: Icon): Command => ({
    id: `${act} ${id}`,
    icon,
    label: t(`services:do.${act}Of`, { id }),
    run: does(act, id),
    admin: act !== 'start' || !service.idle.wake,
  })
  if (!isUp(service)) return [command('start', IconPlayerPlay)]
  return [
    { ...command('stop', IconPlayerStop), ...loses },
    { ...command('restart', IconRefresh), ...loses },
  ]
}

/** What a container can be put through. What makes it vanish is asked on its page, where the question stands. */
function containerCommands(service: Service, { does }: Acts, t: Words): Command[] {
  const { id, runtime, operation, progress } = service
  const cancel = {
    id: `cancel ${id}`,
    icon: IconBan,
    label: t('services:do.cancelOf', { id }),
    run: does('cancel', id),
    admin: true,
  }
  const commands: Command[] = progress?.cancellable ? [cancel] : []
  if (runtime !== 'compose' || operation !== null) return commands
  if (isPaused(service)) {
    const label = t('operations:do.unpauseOf', { id })
    commands.push({ id: `unpause ${id}`, icon: IconPlayerPlay, label, admin: true, run: does('unpause', id) })
  }
  commands.push(
    {
      id: `recreate ${id}`,
      icon: IconReplace,
      label: t('operations:do.askRecreate', { id }),
      hint: t('operations:palette.recreateHint'),
      admin: true,
      run: go(askHref(id, 'recreate')),
    },
    {
      id: `rebuild ${id}`,
      icon: IconHammer,
      label: t('operations:do.askRebuild', { id }),
      hint: t('operations:palette.rebuildHint'),
      admin: true,
      run: go(askHref(id, 'rebuild')),
    },
    ...projectCommands(id, does, t),
  )
  return commands
}

function projectCommands(id: string, does: Acts['does'], t: Words): Command[] {
  return [
    {
      id: `start-project ${id}`,
      icon: IconPlayerPlay,
      label: t('operations:do.startProjectOf', { id }),
      hint: t('operations:palette.startProjectHint'),
      admin: true,
      run: does('startProject', id),
    },
    {
      id: `stop-project ${id}`,
      icon: IconPlayerStop,
      label: t('operations:do.askStopProject', { id }),
      hint: t('operations:palette.stopProjectHint'),
      admin: true,
      run: go(askHref(id, 'stopProject')),
    },
    {
      id: `pull ${id}`,
      icon: IconDownload,
      label: t('operations:do.pullOf', { id }),
      hint: t('operations:palette.pullHint'),
      admin: true,
      run: does('pull', id),
    },
    {
      id: `down ${id}`,
      icon: IconSquareX,
      label: t('operations:do.askDown', { id }),
      hint: t('operations:palette.downHint'),
      admin: true,
      run: go(askHref(id, 'down')),
    },
  ]
}

/** What only a service that is ready does. */
const readyCommands = (id: string, { does }: Acts, t: Words): Command[] => [
  { id: `new ${id}`, icon: IconSparkles, label: t('services:do.generateOn', { id }), run: go(studioHref(id)) },
  {
    id: `free ${id}`,
    icon: IconRotate,
    label: t('services:do.freeOf', { id }),
    hint: t('freeHint'),
    admin: true,
    run: does('free', id),
  },
]

/** What changes a service, or makes another like it; both open on its page. */
const editCommands = (id: string, t: Words): Command[] => [
  { id: `edit ${id}`, icon: IconPencil, label: t('editOf', { id }), admin: true, run: go(askHref(id, 'edit')) },
  {
    id: `duplicate ${id}`,
    icon: IconCopyPlus,
    label: t('duplicateOf', { id }),
    admin: true,
    run: go(askHref(id, 'duplicate')),
  },
]

/** The update of a stack; for a service without one, its page says why not. */
function updateCommands({ id, runtime }: Service, latest: Update | undefined, t: Words): Command[] {
  if (runtime !== 'compose') return []
  const going = latest !== undefined && isGoing(latest)
  const update: Command = {
    ...{ id: `update ${id}`, icon: IconRefreshAlert, admin: true, run: go(updateHref(id)) },
    label: t(going ? 'updates:palette.see' : 'updates:palette.update', { id }),
    ...(going ? {} : { hint: t('updates:palette.updateHint') }),
  }
  if (!latest || !canUndo(latest)) return [update]
  const label = t('updates:palette.undo', { id })
  return [update, { id: `undo ${id}`, icon: IconArrowBackUp, label, admin: true, run: go(updateHref(id, 'undo')) }]
}

/** What can be looked at of any service. */
const lookCommands = (id: string, t: Words): Command[] => [
  {
    id: `doctor ${id}`,
    icon: IconStethoscope,
    label: t('operations:palette.doctor', { id }),
    hint: t('operations:palette.doctorHint'),
    admin: true,
    run: go(hrefOf('services', id, 'doctor')),
  },
  {
    id: `logs ${id}`,
    icon: IconFileText,
    label: t('logsOf', { id }),
    admin: true,
    run: go(hrefOf('services', id, 'logs')),
  },
]

/** Everything that can be done with one service. */
export function useServiceCommands(): (service: Service) => Command[] {
  const { t } = useTranslation(['palette', 'services', 'operations', 'updates'])
  const acts = useActs()
  const generations = useRecentGenerations()
  const updates = useQuery({ ...api.updates.list.queryOptions(), enabled: useSeesAll() }).data
  return (service) => {
    const { id, kind, url, health } = service
    const expose: Command = {
      id: `exposure ${id}`,
      icon: IconDoor,
      label: t('operations:palette.exposure', { id }),
      hint: t('operations:palette.exposureHint'),
      admin: true,
      run: () => {
        navigate('services', id, 'exposure')
        acts.expose(id)
      },
    }
    const label = t('openOf', { id, program: kinds[kind].name })
    const open: Command = { id: `open ${id}`, icon: IconExternalLink, label, admin: true, run: openInTab(url) }
    const look: Command = {
      ...{
        id: `service ${id}`,
        icon: IconStack2,
        label: serviceName(service),
        words: `${id} ${service.tags.join(' ')}`,
      },
      hint: kinds[kind].name,
      admin: true,
      run: go(hrefOf('services', id)),
    }
    return [
      look,
      ...lifeCommands(service, acts, jobsOf(service, generations), t),
      ...containerCommands(service, acts, t),
      ...(isUp(service) ? [expose] : []),
      ...(health.state === 'ready' ? readyCommands(id, acts, t) : []),
      ...editCommands(id, t),
      ...updateCommands(service, latestOf(updates, id), t),
      ...lookCommands(id, t),
      ...(isUp(service) ? [open] : []),
    ]
  }
}
