import {
  IconAdjustmentsHorizontal,
  IconBook2,
  IconFileText,
  IconFolderSearch,
  IconHelp,
  IconKey,
  IconKeyboard,
  IconLanguage,
  IconLock,
  IconMoon,
  IconPhoto,
  IconPlayerPlay,
  IconPlayerStop,
  IconRotateClockwise2,
  IconSettings,
  IconSparkles,
  IconSun,
  IconSunMoon,
  IconZoomQuestion,
} from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Generation, Preferences, Service } from '../../../shared/contract'
import { client } from '../../api/client'
import { thumbnailUrl } from '../../api/images'
import { lockNow } from '../../api/lock'
import { api } from '../../api/query'
import { useAttention } from '../../features/attention/useAttention'
import { allLogsHref, findSecretsHref, hrefOf, leaksHref, navigate } from '../../ui/route'
import { useChangePreferences } from '../../api/usePreferences'
import { useCanLock, useIsAdmin, useSeesAll } from '../../api/useSession'
import { useSettingsTable } from '../../features/settings/table'
import { isManaged } from '../../features/services/state'
import { pages, pagesOf } from '../pages'
import { go, openInTab, type Command } from './command'
import { useServiceCommands } from './service-commands'
import { isUp } from '../../../shared/service-state'

export interface CommandGroup {
  id: 'now' | 'actions' | 'services' | 'credentials' | 'settings' | 'appearance' | 'places' | 'images'
  commands: Command[]
}

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

/** What can be done to all services at once. */
function useCommandsOfAll(services: readonly Service[]): Command[] {
  const { t } = useTranslation(['palette', 'services'])
  const startAll = useMutation(api.services.startAll.mutationOptions())
  const stopAll = useMutation(api.services.stopAll.mutationOptions())
  const managed = services.filter(isManaged)
  const start: Command = {
    id: 'start-all',
    icon: IconPlayerPlay,
    label: t('services:do.startAll'),
    admin: true,
    run: () => startAll.mutate(undefined),
  }
  const stop: Command = {
    id: 'stop-all',
    icon: IconPlayerStop,
    label: t('services:do.stopAll'),
    admin: true,
    run: () => stopAll.mutate(undefined),
  }
  const logs: Command = { id: 'all-logs', icon: IconFileText, label: t('allLogs'), admin: true, run: go(allLogsHref) }
  return [
    ...(managed.every(isUp) ? [] : [start]),
    ...(managed.some(isUp) ? [stop] : []),
    ...(services.length > 0 ? [logs] : []),
  ]
}

/** What can be done to secrets. */
function useSecretCommands(): Command[] {
  const { t } = useTranslation('palette')
  const find: Command = {
    id: 'find-secrets',
    icon: IconFolderSearch,
    label: t('findSecrets'),
    hint: t('findSecretsHint'),
    admin: true,
    run: go(findSecretsHref),
  }
  return [find]
}

/** Every credential, and its rotation. */
function useCredentialCommands(): Command[] {
  const { t } = useTranslation(['palette', 'credentials'])
  const credentials = useQuery({ ...api.credentials.list.queryOptions(), enabled: useSeesAll() }).data ?? []
  return credentials.flatMap(({ id, scheme }): Command[] => [
    {
      ...{ id: `credential ${id}`, icon: IconKey, label: id, admin: true },
      hint: t(`credentials:scheme.${scheme}`),
      run: go(hrefOf('credentials', id)),
    },
    {
      ...{ id: `rotate ${id}`, icon: IconRotateClockwise2, label: t('rotate', { id }), admin: true },
      run: go(hrefOf('credentials', id)),
    },
  ])
}

/** Every setting, with where it is and what it is set to. */
function useSettingCommands(): Command[] {
  const { t } = useTranslation('common')
  return useSettingsTable().flatMap(({ title, settings }) =>
    settings.map(({ id, label, value, href }): Command => {
      const path = `${t('nav.settings')} › ${title}`
      return {
        ...{ id: `setting ${id}`, icon: IconSettings, label, admin: true, run: go(href) },
        hint: value === undefined ? path : `${path} · ${value}`,
      }
    }),
  )
}

function useGeneralCommands(services: readonly Service[], onHelp: () => void): Command[] {
  const { t } = useTranslation(['palette', 'common'])
  const canLock = useCanLock()
  const ofAll = useCommandsOfAll(services)
  const ofSecrets = useSecretCommands()
  const create: Command = {
    id: 'new',
    icon: IconSparkles,
    label: t('common:action.newGeneration'),
    keys: ['N'],
    run: () => navigate('studio'),
  }
  const lock: Command = {
    id: 'lock',
    icon: IconLock,
    label: t('common:role.lock'),
    keys: ['Ctrl', 'Shift', 'L'],
    run: lockNow,
  }
  return [
    create,
    ...ofAll,
    ...ofSecrets,
    ...(canLock ? [lock] : []),
    { id: 'leaks', icon: IconZoomQuestion, label: t('leaks'), hint: t('leaksHint'), admin: true, run: go(leaksHref) },
    { id: 'docs', icon: IconHelp, label: t('docs'), run: openInTab('/docs') },
    { id: 'api', icon: IconBook2, label: t('api'), run: openInTab('/api/v1/docs') },
    { id: 'keys', icon: IconKeyboard, label: t('shortcuts'), keys: ['?'], run: onHelp },
  ]
}

function useAppearanceCommands(): Command[] {
  const { t } = useTranslation('palette')
  const change = useChangePreferences()
  const set = (preferences: Partial<Preferences>) => () => change.mutate(preferences)
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
  return pagesOf(useIsAdmin()).map((page) => ({
    id: `go ${page}`,
    icon: pages[page].icon,
    label: t(`nav.${page}`),
    keys: ['G', pages[page].key.toUpperCase()],
    run: () => navigate(page),
  }))
}

/** So many of the last images can be found. */
const mostImages = 500

/** The last generations that have an image, newest first; as many requests as that takes. */
async function fetchImages(): Promise<Generation[]> {
  const all: Generation[] = []
  for (let cursor: string | undefined; all.length < mostImages;) {
    const page = await client.generations.list({ limit: 200, ...(cursor !== undefined && { cursor }) })
    all.push(...page.items.filter(({ images }) => images.length > 0))
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  return all.slice(0, mostImages)
}

/** The last images, by what they show; fetched while the palette is open. */
function useImageCommands(isOpen: boolean): Command[] {
  const fetched = useQuery({
    queryKey: ['palette', 'images'],
    queryFn: fetchImages,
    enabled: isOpen,
    staleTime: 30_000,
  })
  return (fetched.data ?? []).map(({ id, serviceId, params, images }) => ({
    ...{ id: `image ${id}`, icon: IconPhoto, label: params.prompt, hint: serviceId },
    words: String(params.seed ?? ''),
    ...(images[0] && { image: thumbnailUrl(images[0].id) }),
    run: go(hrefOf('gallery', id)),
  }))
}

/** Everything that can be done from here, what the present state suggests first. */
export function useCommands(onHelp: () => void, isOpen: boolean): CommandGroup[] {
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const isAdmin = useIsAdmin()
  const suggestions = useSuggestions()
  const commandsOf = useServiceCommands()
  const general = useGeneralCommands(services, onHelp)
  const appearance = useAppearanceCommands()
  const credentials = useCredentialCommands()
  const settings = useSettingCommands()
  const images = useImageCommands(isOpen)
  const places = usePlaces()
  const groups: CommandGroup[] = [
    { id: 'now', commands: suggestions },
    { id: 'actions', commands: general },
    { id: 'services', commands: services.flatMap(commandsOf) },
    { id: 'credentials', commands: credentials },
    { id: 'places', commands: places },
    { id: 'appearance', commands: appearance },
    { id: 'settings', commands: settings },
    { id: 'images', commands: images },
  ]
  return groups.map(({ id, commands }) => ({ id, commands: commands.filter(({ admin }) => isAdmin || !admin) }))
}
