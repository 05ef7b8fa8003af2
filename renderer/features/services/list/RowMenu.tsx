import {
  IconArrowRight,
  IconBell,
  IconBellOff,
  IconCopy,
  IconExternalLink,
  IconPencil,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconSparkles,
  IconTrash,
} from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../shared/contract'
import { isUp } from '../../../../shared/service-state'
import { useIsAdmin } from '../../../api/useSession'
import { DotsButton } from '../../../ui/DotsButton'
import type { MenuEntry } from '../../../ui/menu-entry'
import { MenuButton } from '../../../ui/MenuButton'
import { hrefOf, studioHref } from '../../../ui/route'
import { canRestart, canStart, canStop } from '../state'
import { useServiceActions, type ServiceActions } from '../useServiceActions'
import { useArrange } from './useArrange'
import { useWords } from './words'

/** All that can be done with a service from a list. */
function useEntries(service: Service, actions: ServiceActions): () => MenuEntry[] {
  const { t } = useTranslation(['services', 'list', 'common', 'edit'])
  const isAdmin = useIsAdmin()
  const { arrange } = useArrange()
  const { id, muted, health } = service
  const act = (key: string, label: string, icon: typeof IconBell, onClick: () => void, isBad = false) =>
    ({ type: 'act', key, label, icon, onClick, isBad }) satisfies MenuEntry
  const link = (key: string, label: string, icon: typeof IconBell, href: string, opensWindow = false) =>
    ({ type: 'link', key, label, icon, href, opensWindow }) satisfies MenuEntry
  return () => [
    link('details', t('common:action.details'), IconArrowRight, hrefOf('services', id)),
    ...(health.state === 'ready'
      ? [link('generate', t('common:action.newGeneration'), IconSparkles, studioHref(id))]
      : []),
    ...(isUp(service) ? [link('open', t('do.openOwn'), IconExternalLink, service.url, true)] : []),
    ...(canStart(service) ? [act('start', t('do.start'), IconPlayerPlay, actions.start)] : []),
    ...(canStop(service) ? [act('stop', t('do.stop'), IconPlayerStop, actions.stop)] : []),
    ...(canRestart(service) ? [act('restart', t('do.restart'), IconRefresh, actions.restart)] : []),
    act('probe', t('do.probe'), IconRefresh, actions.probe),
    ...(isAdmin
      ? ([
          { type: 'divider', key: 'admin' },
          act('edit', t('edit:action.edit'), IconPencil, actions.edit),
          act('duplicate', t('edit:action.duplicate'), IconCopy, actions.duplicate),
          act('mute', muted ? t('list:unmute') : t('list:mute'), muted ? IconBell : IconBellOff, () =>
            arrange([{ id, muted: !muted }]),
          ),
          act('remove', t('do.remove', { id }), IconTrash, actions.remove, true),
        ] satisfies MenuEntry[])
      : []),
  ]
}

function Opened({ service }: { service: Service }) {
  const { t } = useTranslation('services')
  const actions = useServiceActions(service)
  const entries = useEntries(service, actions)
  return (
    <>
      <MenuButton entries={entries} opensAtOnce>
        <DotsButton label={t('do.moreOf', { id: service.id })} />
      </MenuButton>
      {actions.dialog}
    </>
  )
}

/** The "…" of a row: it is always there; its menu is made when it is first opened. */
export function RowMenu({ service }: { service: Service }) {
  const t = useWords()
  const [isOpened, setOpened] = useState(false)
  if (isOpened) return <Opened service={service} />
  return <DotsButton label={t('services:do.moreOf', { id: service.id })} onClick={() => setOpened(true)} />
}
