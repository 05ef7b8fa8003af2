import { Button, Menu } from '@mantine/core'
import {
  IconBan,
  IconChevronDown,
  IconDownload,
  IconHammer,
  IconMoonFilled,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconReplace,
  IconSquareX,
  type Icon,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { useWaits } from '../services/sleep'
import { canStart, isManaged } from '../services/state'
import { useServiceProject } from '../services/useServiceProject'
import type { ServiceActions } from '../services/useServiceActions'
import { useIsAdmin } from '../../api/useSession'
import c from './ServiceDetail.module.css'
import { isPaused, isUp } from '../../../shared/service-state'
import { Tooltip } from '../../ui/Tooltip'

interface LifeProps {
  service: Service
  actions: ServiceActions
}

interface MenuLineProps {
  icon: Icon
  title: string
  what: string
  onClick: () => void
}

function MenuLine({ icon: I, title, what, onClick }: MenuLineProps) {
  return (
    <Menu.Item leftSection={<I size={16} stroke={1.6} />} onClick={onClick} className={c.menuLine}>
      {title}
      <span className={c.menuWhat}>{what}</span>
    </Menu.Item>
  )
}

/** A button with, for a container, a menu of what else can be done, each with what it does. */
function WithMenu({ service, actions, label, children }: LifeProps & { label: string; children: ReactNode }) {
  const { t } = useTranslation('operations')
  const isAdmin = useIsAdmin()
  const { data: project } = useServiceProject(service)
  // What cannot be told is offered: Regie says then why it cannot be done.
  const canBuild = project?.services.find(({ serviceId }) => serviceId === service.id)?.canBuild ?? true
  if (service.runtime !== 'compose' || !isAdmin) return children
  return (
    <Button.Group>
      {children}
      <Menu position="bottom-end" width={340}>
        <Menu.Target>
          <Button variant="default" aria-label={label} px={7}>
            <IconChevronDown size={15} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuLine icon={IconReplace} title={t('do.recreate')} what={t('what.recreate')} onClick={actions.recreate} />
          {canBuild && (
            <MenuLine icon={IconHammer} title={t('do.rebuild')} what={t('what.rebuild')} onClick={actions.rebuild} />
          )}
          <MenuLine icon={IconDownload} title={t('do.pull')} what={t('what.pull')} onClick={actions.pull} />
          <MenuLine
            icon={IconPlayerPlay}
            title={t('do.startProject')}
            what={t('what.startProject')}
            onClick={actions.startProject}
          />
          <MenuLine
            icon={IconPlayerStop}
            title={t('do.stopProject')}
            what={t('what.stopProject')}
            onClick={actions.stopProject}
          />
          <MenuLine icon={IconSquareX} title={t('do.down')} what={t('what.down')} onClick={actions.down} />
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  )
}

/** While something is being done: what can be done about it. */
function CancelButton({ service, actions }: LifeProps) {
  const { t } = useTranslation(['operations', 'services'])
  const { id, operation, progress, runtime } = service
  if (progress?.cancellable) {
    return (
      <Button
        variant="default"
        leftSection={<IconBan size={16} stroke={1.6} />}
        onClick={actions.cancel}
        loading={actions.isCancelling}
        aria-label={t('services:do.cancelOf', { id })}
      >
        {t('do.cancel')}
      </Button>
    )
  }
  if (operation !== 'start' || runtime === 'compose') return null
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerStop size={16} stroke={1.6} />}
      onClick={actions.stop}
      aria-label={t('services:do.cancelStartOf', { id })}
    >
      {t('services:do.cancelStart')}
    </Button>
  )
}

function StartButton({ service, actions }: LifeProps) {
  const { t } = useTranslation(['services', 'operations'])
  const { id } = service
  const asleep = useWaits()(service).sleeps !== undefined
  const I = asleep ? IconMoonFilled : IconPlayerPlay
  return (
    <WithMenu service={service} actions={actions} label={t('operations:do.startMenuOf', { id })}>
      <Button
        variant="default"
        leftSection={<I size={16} stroke={1.6} />}
        onClick={actions.start}
        aria-label={t(asleep ? 'do.wakeOf' : 'do.startOf', { id })}
      >
        {asleep ? t('do.wake') : t('do.start')}
      </Button>
    </WithMenu>
  )
}

/** Start, stop and restart, with what else a container can be put through; while one goes on, its cancel. */
export function LifeButtons({ service, actions }: LifeProps) {
  const { t } = useTranslation(['services', 'operations'])
  const { id, operation, runtime } = service
  if (!isManaged(service)) return null
  if (operation !== null) return <CancelButton service={service} actions={actions} />
  if (canStart(service)) return <StartButton service={service} actions={actions} />
  if (!isUp(service)) return null
  return (
    <>
      {isPaused(service) && (
        <Button
          leftSection={<IconPlayerPlay size={16} stroke={1.6} />}
          onClick={actions.unpause}
          aria-label={t('operations:do.unpauseOf', { id })}
        >
          {t('operations:do.unpause')}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={16} stroke={1.6} />}
        onClick={actions.stop}
        className={c.iconBelowNarrow}
        data-icon-only
        aria-label={t('do.stopOf', { id })}
      >
        <span className={c.wordAboveNarrow}>{t('do.stop')}</span>
      </Button>
      <WithMenu service={service} actions={actions} label={t('operations:do.menuOf', { id })}>
        <Tooltip label={t('operations:what.restart')} disabled={runtime !== 'compose'} multiline maw={300}>
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} stroke={1.6} />}
            onClick={actions.restart}
            className={c.narrowIcon}
            data-icon-only
            aria-label={t('do.restartOf', { id })}
          >
            <span className={c.wideWord}>{t('do.restart')}</span>
          </Button>
        </Tooltip>
      </WithMenu>
    </>
  )
}
