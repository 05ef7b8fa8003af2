import { ActionIcon } from '@mantine/core'
import { IconDots, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import type { MenuEntry } from '../../ui/menu-entry'
import { MenuButton } from '../../ui/MenuButton'
import { useAllServices } from './useAllServices'

/** Start all and stop all, each only while there is something for it to do. */
export function AllServicesMenu({ services }: { services: readonly Service[] }) {
  const { t } = useTranslation('services')
  const all = useAllServices(services)
  if (!all.canStart && !all.canStop) return null
  const entries = (): MenuEntry[] => [
    ...(all.canStart
      ? [{ type: 'act' as const, key: 'start', label: t('do.startAll'), icon: IconPlayerPlay, onClick: all.start }]
      : []),
    ...(all.canStop
      ? [{ type: 'act' as const, key: 'stop', label: t('do.stopAll'), icon: IconPlayerStop, onClick: all.stop }]
      : []),
  ]
  return (
    <>
      <MenuButton entries={entries}>
        <ActionIcon aria-label={t('do.all')}>
          <IconDots size={16} />
        </ActionIcon>
      </MenuButton>
      {all.dialog}
    </>
  )
}
