import { ActionIcon, Button, Menu } from '@mantine/core'
import {
  IconArrowBackUp,
  IconCopyPlus,
  IconDots,
  IconExternalLink,
  IconPencil,
  IconRefreshAlert,
  IconSparkles,
  IconTrash,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { kinds } from '../../../shared/kinds'
import { isUp } from '../../../shared/service-state'
import { studioHref, updateHref } from '../../ui/route'
import type { ServiceActions } from '../services/useServiceActions'
import { useIsAdmin } from '../../api/useSession'
import { useLatestUpdate, useOffer } from '../updates/useUpdates'
import { canUndo } from '../updates/view'
import { LifeButtons } from './LifeButtons'
import c from './ServiceDetail.module.css'

interface ActionsProps {
  service: Service
  actions: ServiceActions
}

const linkToOwn = ({ url }: Service) => ({ component: 'a', href: url, target: '_blank', rel: 'noreferrer' }) as const

/** What is rarely done; narrow, with the way to the program's own page, which has a button of its own elsewhere. */
export function ServiceMenu({ service, actions, narrow = false }: ActionsProps & { narrow?: boolean }) {
  const { t } = useTranslation(['services', 'edit'])
  const isAdmin = useIsAdmin()
  const { id, kind } = service
  const canOpen = narrow && isUp(service)
  if (!isAdmin && !canOpen) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        {narrow ? (
          <ActionIcon variant="subtle" color="gray" size={40} aria-label={t('do.moreOf', { id })}>
            <IconDots size={20} stroke={1.6} />
          </ActionIcon>
        ) : (
          <Button variant="default" aria-label={t('do.moreOf', { id })} px={8}>
            <IconDots size={16} />
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        {canOpen && (
          <Menu.Item leftSection={<IconExternalLink size={15} stroke={1.6} />} {...linkToOwn(service)}>
            {t('do.open', { program: kinds[kind].name })}
          </Menu.Item>
        )}
        {isAdmin && (
          <>
            <Menu.Item leftSection={<IconPencil size={15} stroke={1.6} />} onClick={actions.edit}>
              {t('edit:action.edit')}
            </Menu.Item>
            <Menu.Item leftSection={<IconCopyPlus size={15} stroke={1.6} />} onClick={actions.duplicate}>
              {t('edit:action.duplicate')}
            </Menu.Item>
            <UpdateItems service={service} />
            <Menu.Item leftSection={<IconTrash size={15} stroke={1.6} />} onClick={actions.remove}>
              {t('do.remove', { id })}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Of a stack that Regie deployed: what a newer version brings, and the way back from the last one. */
function UpdateItems({ service }: { service: Service }) {
  const { t } = useTranslation('updates')
  const offer = useOffer(service).data
  const latest = useLatestUpdate(service.id)
  const { id } = service
  if (offer?.stackId == null && latest === undefined) return null
  return (
    <>
      <Menu.Item leftSection={<IconRefreshAlert size={15} stroke={1.6} />} component="a" href={updateHref(id)}>
        {t('action.menu')}
      </Menu.Item>
      {latest && canUndo(latest) && (
        <Menu.Item leftSection={<IconArrowBackUp size={15} stroke={1.6} />} component="a" href={updateHref(id, 'undo')}>
          {t('action.undo')}
        </Menu.Item>
      )}
    </>
  )
}

function NewGeneration({ service: { id, health } }: { service: Service }) {
  const { t } = useTranslation(['services', 'common'])
  return health.state === 'ready' ? (
    <Button component="a" href={studioHref(id)} leftSection={<IconSparkles size={16} />}>
      {t('common:action.newGeneration')}
    </Button>
  ) : (
    <Button disabled title={t('do.notReady')} leftSection={<IconSparkles size={16} />}>
      {t('common:action.newGeneration')}
    </Button>
  )
}

/** What can be done with the service, its primary action last. */
export function HeaderActions({ service, actions }: ActionsProps) {
  const { t } = useTranslation('services')
  const program = t('do.open', { program: kinds[service.kind].name })
  return (
    <>
      <LifeButtons service={service} actions={actions} />
      {isUp(service) && (
        <Button
          variant="default"
          {...linkToOwn(service)}
          title={t('do.openOwn')}
          className={c.narrowIcon}
          aria-label={program}
          leftSection={<IconExternalLink size={16} stroke={1.6} />}
        >
          <span className={c.wideWord}>{program}</span>
        </Button>
      )}
      <ServiceMenu service={service} actions={actions} />
      <NewGeneration service={service} />
    </>
  )
}

/** The same at the foot of a narrow page; the rest is in the menu of its header. */
export function FootActions({ service, actions }: ActionsProps) {
  return (
    <>
      <LifeButtons service={service} actions={actions} />
      <NewGeneration service={service} />
    </>
  )
}
