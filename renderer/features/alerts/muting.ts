import { IconBell, IconBellOff } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AlertMute } from '../../../shared/contract'
import { api } from '../../api/query'
import type { MenuEntry } from '../../ui/menu-entry'
import { readAlertsAgain } from './words'

type Scope = AlertMute['scope']

const isSame = (a: Scope, b: Scope) => JSON.stringify(a) === JSON.stringify(b)

/** The mute of exactly this; null where there is none. */
export const muteOf = (mutes: readonly AlertMute[], scope: Scope): AlertMute | null =>
  mutes.find((mute) => isSame(mute.scope, scope)) ?? null

const lengths = [
  { key: 'hour', minutes: 60 },
  { key: 'day', minutes: 24 * 60 },
  { key: 'week', minutes: 7 * 24 * 60 },
  { key: 'open', minutes: null },
] as const

/** What a menu offers to mute something, or to end that. */
export function useMuteEntries(mutes: readonly AlertMute[]): (scope: Scope) => MenuEntry[] {
  const { t } = useTranslation('alerts')
  const mute = useMutation(api.alerts.mute.mutationOptions({ onSettled: readAlertsAgain }))
  const unmute = useMutation(api.alerts.unmute.mutationOptions({ onSettled: readAlertsAgain }))
  return (scope) => {
    const there = muteOf(mutes, scope)
    if (there !== null)
      return [
        {
          type: 'act',
          key: 'unmute',
          label: t('unmute'),
          icon: IconBell,
          onClick: () => unmute.mutate({ id: there.id }),
        },
      ]
    return lengths.map(({ key, minutes }) => ({
      type: 'act',
      key,
      label: t(`mute.${key}`),
      icon: IconBellOff,
      onClick: () => mute.mutate({ scope, minutes }),
    }))
  }
}
