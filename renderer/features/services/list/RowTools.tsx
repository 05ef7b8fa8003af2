import { ActionIcon } from '@mantine/core'
import {
  IconBan,
  IconExternalLink,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconSparkles,
  type Icon,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../shared/contract'
import { isUp } from '../../../../shared/service-state'
import { studioHref } from '../../../ui/route'
import { Tooltip } from '../../../ui/Tooltip'
import { canRestart, canStart, canStop } from '../state'
import { useServiceActions } from '../useServiceActions'
import c from './Rows.module.css'

interface ToolProps {
  label: string
  icon: Icon
  onClick?: () => void
  href?: string
  opensWindow?: boolean
}

function Tool({ label, icon: I, onClick, href, opensWindow }: ToolProps) {
  const look = { variant: 'subtle', color: 'gray', size: 28, 'aria-label': label } as const
  const icon = <I size={16} stroke={1.6} />
  return (
    <Tooltip label={label}>
      {href === undefined ? (
        <ActionIcon {...look} {...(onClick && { onClick })}>
          {icon}
        </ActionIcon>
      ) : (
        <ActionIcon
          {...look}
          component="a"
          href={href}
          {...(opensWindow === true && { target: '_blank', rel: 'noreferrer' })}
        >
          {icon}
        </ActionIcon>
      )}
    </Tooltip>
  )
}

/** What can be done with the service of a row now. It is made when the row is first pointed at or focused. */
export function RowTools({ service }: { service: Service }) {
  const { t } = useTranslation('services')
  const actions = useServiceActions(service)
  const { id, health, progress } = service
  return (
    <>
      <span className={c.tools}>
        {health.state === 'ready' && (
          <Tool label={t('do.generateOn', { id })} icon={IconSparkles} href={studioHref(id)} />
        )}
        {isUp(service) && (
          <Tool label={t('do.openOwnOf', { id })} icon={IconExternalLink} href={service.url} opensWindow />
        )}
        {canRestart(service) && <Tool label={t('do.restartOf', { id })} icon={IconRefresh} onClick={actions.restart} />}
        {progress?.cancellable ? (
          <Tool label={t('do.cancelOf', { id })} icon={IconBan} onClick={actions.cancel} />
        ) : (
          canStop(service) && <Tool label={t('do.stopOf', { id })} icon={IconPlayerStop} onClick={actions.stop} />
        )}
        {canStart(service) && <Tool label={t('do.startOf', { id })} icon={IconPlayerPlay} onClick={actions.start} />}
      </span>
      {actions.dialog}
    </>
  )
}
