import {
  IconAdjustmentsHorizontal,
  IconBan,
  IconBook2,
  IconDoor,
  IconDownload,
  IconExternalLink,
  IconFileText,
  IconFolderSearch,
  IconHammer,
  IconKey,
  IconKeyboard,
  IconLanguage,
  IconLock,
  IconMoon,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconReplace,
  IconRotate,
  IconSparkles,
  IconSquareX,
  IconStethoscope,
  IconSun,
  IconSunMoon,
  IconZoomQuestion,
  type Icon,
} from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Service, Settings } from '../../../shared/contract'
import { kinds } from '../../../shared/kinds'
import { lockNow } from '../../api/lock'
import { api } from '../../api/query'
import { useAttention } from '../../features/attention/useAttention'
import { allLogsHref, askHref, findSecretsHref, hrefOf, leaksHref, navigate, pageIds, studioHref } from '../../ui/route'
import { useRecentGenerations } from '../../features/gallery/useRecentGenerations'
import { useCanLock, useIsAdmin } from '../../api/useSession'
import { isManaged, jobsOf } from '../../features/services/state'
import { pages } from '../pages'
import { isPaused, isUnseen, isUp } from '../../../shared/service-state'

export interface Command {
  id: string
  icon: Icon
  label: string
  /** What it will cost or change, in grey. */
  hint?: string
  keys?: string[]
  admin?: boolean
  run: () => void
}

export interface CommandGroup {
  id: 'now' | 'actions' | 'services' | 'appearance' | 'places'
  commands: Command[]
}

const go = (href: string) => () => {
  location.hash = href
}

const openInTab = (url: string) => () => void window.open(url, '_blank', 'noreferrer')

/** What the present state suggests: the items that need a person. */
function useSuggestions(): Command[] {
  return useAttention().map(({ id, title, action, href }) => ({
    id: `now ${id}`,
    icon: IconAdjustmentsHorizontal,
    label: title,
    hint: action,
    run: go(href),
  }))
}

/** What a container can be put through. What makes it vanish is asked on its page, where the question stands. */
function useContainerCommands(): (service: Service) => Command[] {
  const { t } = useTranslation(['operations', 'services'])
  const pull = useMutation(api.services.pull.mutationOptions())
  const startProject = useMutation(api.services.startProject.mutationOptions())
  const unpause = useMutation(api.services.unpause.mutationOptions())
  const cancel = useMutation(api.services.cancel.mutationOptions())
  return (service) => {
    const { id, runtime, operation, progress } = service
    const commands: Command[] = []
    if (progress?.cancellable) {
      commands.push({
        id: `cancel ${id}`,
        icon: IconBan,
        label: t('services:do.cancelOf', { id }),
        run: () => cancel.mutate({ id }),
      })
    }
    if (runtime !== 'compose' || operation !== null) return commands
    if (isPaused(service)) {
      commands.push({
        id: `unpause ${id}`,
        icon: IconPlayerPlay,
        label: t('do.unpauseOf', { id }),
        run: () => unpause.mutate({ id }),
      })
    }
    commands.push(
      {
        id: `recreate ${id}`,
        icon: IconReplace,
        label: t('do.askRecreate', { id }),
        hint: t('palette.recreateHint'),
        admin: true,
        run: go(askHref(id, 'recreate')),
      },
      {
        id: `rebuild ${id}`,
        icon: IconHammer,
        label: t('do.askRebuild', { id }),
        hint: t('palette.rebuildHint'),
        admin: true,
        run: go(askHref(id, 'rebuild')),
      },
      {
        id: `start-project ${id}`,
        icon: IconPlayerPlay,
        label: t('do.startProjectOf', { id }),
        hint: t('palette.startProjectHint'),
        run: () => startProject.mutate({ id }),
      },
      {
        id: `stop-project ${id}`,
        icon: IconPlayerStop,
        label: t('do.askStopProject', { id }),
        hint: t('palette.stopProjectHint'),
        run: go(askHref(id, 'stopProject')),
      },
      {
        id: `pull ${id}`,
        icon: IconDownload,
        label: t('do.pullOf', { id }),
        hint: t('palette.pullHint'),
        admin: true,
        run: () => pull.mutate({ id }),
      },
      {
        id: `down ${id}`,
        icon: IconSquareX,
        label: t('do.askDown', { id }),
        hint: t('palette.downHint'),
        admin: true,
        run: go(askHref(id, 'down')),
      },
    )
    return commands
  }
}

function useServiceCommands(): (service: Service) => Command[] {
  const { t } = useTranslation(['palette', 'services', 'operations', 'common'])
  const containerCommands = useContainerCommands()
  const exposure = useMutation(api.exposure.run.mutationOptions())
  const start = useMutation(api.services.start.mutationOptions())
  const stop = useMutation(api.services.stop.mutationOptions())
  const restart = useMutation(api.services.restart.mutationOptions())
  const free = useMutation(api.services.freeMemory.mutationOptions())
  const generations = useRecentGenerations()
  return (service) => {
    const { id, kind, url, health, operation } = service
    const jobs = jobsOf(service, generations)
    const loses = jobs > 0 ? { hint: t('jobsLost', { count: jobs }) } : {}
    const commands: Command[] = []
    if (isManaged(service) && operation === null && !isUnseen(service)) {
      if (!isUp(service)) {
        commands.push({
          id: `start ${id}`,
          icon: IconPlayerPlay,
          label: t('services:do.startOf', { id }),
          run: () => start.mutate({ id }),
        })
      } else {
        commands.push(
          {
            id: `stop ${id}`,
            icon: IconPlayerStop,
            label: t('services:do.stopOf', { id }),
            ...loses,
            run: () => stop.mutate({ id }),
          },
          {
            id: `restart ${id}`,
            icon: IconRefresh,
            label: t('services:do.restartOf', { id }),
            ...loses,
            run: () => restart.mutate({ id }),
          },
        )
      }
    }
    commands.push(...containerCommands(service))
    if (isUp(service)) {
      commands.push({
        id: `exposure ${id}`,
        icon: IconDoor,
        label: t('operations:palette.door', { id }),
        hint: t('operations:palette.doorHint'),
        admin: true,
        run: () => {
          navigate('services', id, 'exposure')
          exposure.mutate({ id, wait: false })
        },
      })
    }
    if (health.state === 'ready') {
      commands.push(
        {
          id: `new ${id}`,
          icon: IconSparkles,
          label: t('services:do.generateOn', { id }),
          run: go(studioHref(id)),
        },
        {
          id: `free ${id}`,
          icon: IconRotate,
          label: t('services:do.freeOf', { id }),
          hint: t('freeHint'),
          run: () => free.mutate({ id }),
        },
      )
    }
    commands.push({
      id: `doctor ${id}`,
      icon: IconStethoscope,
      label: t('operations:palette.doctor', { id }),
      hint: t('operations:palette.doctorHint'),
      run: go(hrefOf('services', id, 'doctor')),
    })
    commands.push({
      id: `logs ${id}`,
      icon: IconFileText,
      label: t('logsOf', { id }),
      run: go(hrefOf('services', id, 'logs')),
    })
    if (isUp(service)) {
      commands.push({
        id: `open ${id}`,
        icon: IconExternalLink,
        label: t('openOf', { id, program: kinds[kind].name }),
        run: openInTab(url),
      })
    }
    return commands
  }
}

function useGeneralCommands(services: readonly Service[], onHelp: () => void): Command[] {
  const { t } = useTranslation(['palette', 'services', 'common'])
  const credentials = useQuery(api.credentials.list.queryOptions()).data ?? []
  const startAll = useMutation(api.services.startAll.mutationOptions())
  const stopAll = useMutation(api.services.stopAll.mutationOptions())
  const canLock = useCanLock()
  const managed = services.filter(isManaged)
  const commands: Command[] = [
    {
      id: 'new',
      icon: IconSparkles,
      label: t('common:action.newGeneration'),
      keys: ['N'],
      run: () => navigate('studio'),
    },
  ]
  if (managed.some((service) => !isUp(service))) {
    commands.push({
      id: 'start-all',
      icon: IconPlayerPlay,
      label: t('services:do.startAll'),
      run: () => startAll.mutate(undefined),
    })
  }
  if (managed.some(isUp)) {
    commands.push({
      id: 'stop-all',
      icon: IconPlayerStop,
      label: t('services:do.stopAll'),
      run: () => stopAll.mutate(undefined),
    })
  }
  if (services.length > 0) {
    commands.push({ id: 'all-logs', icon: IconFileText, label: t('allLogs'), run: go(allLogsHref) })
  }
  commands.push({
    id: 'find-secrets',
    icon: IconFolderSearch,
    label: t('findSecrets'),
    hint: t('findSecretsHint'),
    admin: true,
    run: go(findSecretsHref),
  })
  for (const { id } of credentials) {
    commands.push({
      id: `rotate ${id}`,
      icon: IconKey,
      label: t('rotate', { id }),
      admin: true,
      run: go(hrefOf('credentials', id)),
    })
  }
  if (canLock) {
    commands.push({
      id: 'lock',
      icon: IconLock,
      label: t('common:role.lock'),
      keys: ['Ctrl', 'Shift', 'L'],
      run: lockNow,
    })
  }
  commands.push(
    {
      id: 'leaks',
      icon: IconZoomQuestion,
      label: t('leaks'),
      hint: t('leaksHint'),
      admin: true,
      run: go(leaksHref),
    },
    { id: 'api', icon: IconBook2, label: t('api'), run: openInTab('/api/v1/docs') },
    { id: 'keys', icon: IconKeyboard, label: t('shortcuts'), keys: ['?'], run: onHelp },
  )
  return commands
}

function useAppearanceCommands(): Command[] {
  const { t } = useTranslation('palette')
  const cache = useQueryClient()
  const change = useMutation(
    api.system.changeSettings.mutationOptions({
      onSuccess: (settings) => cache.setQueryData(api.system.settings.queryKey(), settings),
    }),
  )
  const set = (settings: Partial<Settings>) => () => change.mutate(settings)
  return [
    { id: 'dark', icon: IconMoon, label: t('theme.dark'), run: set({ theme: 'dark' }) },
    { id: 'light', icon: IconSun, label: t('theme.light'), run: set({ theme: 'light' }) },
    { id: 'system', icon: IconSunMoon, label: t('theme.system'), run: set({ theme: 'system' }) },
    { id: 'en', icon: IconLanguage, label: 'English', run: set({ language: 'en' }) },
    { id: 'fr', icon: IconLanguage, label: 'Français', run: set({ language: 'fr' }) },
  ]
}

function usePlaces(): Command[] {
  const { t } = useTranslation('common')
  return pageIds.map((page) => ({
    id: `go ${page}`,
    icon: pages[page].icon,
    label: t(`nav.${page}`),
    keys: ['G', pages[page].key.toUpperCase()],
    run: () => navigate(page),
  }))
}

/** Everything that can be done from here, what the present state suggests first. */
export function useCommands(onHelp: () => void): CommandGroup[] {
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const isAdmin = useIsAdmin()
  const suggestions = useSuggestions()
  const commandsOf = useServiceCommands()
  const general = useGeneralCommands(services, onHelp)
  const appearance = useAppearanceCommands()
  const places = usePlaces()
  const groups: CommandGroup[] = [
    { id: 'now', commands: suggestions },
    { id: 'actions', commands: general },
    { id: 'services', commands: services.flatMap(commandsOf) },
    { id: 'places', commands: places },
    { id: 'appearance', commands: appearance },
  ]
  return groups.map(({ id, commands }) => ({ id, commands: commands.filter(({ admin }) => isAdmin || !admin) }))
}

/** The commands whose words all hold what was typed, in any order. */
export function matching(groups: readonly CommandGroup[], query: string): CommandGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return groups
    .map(({ id, commands }) => ({
      id,
      commands: commands.filter(({ label, hint = '' }) => {
        const text = `${label} ${hint}`.toLowerCase()
        return words.every((word) => text.includes(word))
      }),
    }))
    .filter(({ commands }) => commands.length > 0)
}
