import { Button } from '@mantine/core'
import { IconBell, IconBellOff, IconPencil } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../shared/contract'
import { describeReason } from '../../../i18n'
import { formatClock } from '../../../i18n/format'
import { useIsAdmin } from '../../../api/useSession'
import { askHref } from '../../../ui/route'
import { StatusIcon } from '../../../ui/Status'
import { useArrange } from '../../services/list/useArrange'
import { reasonOf } from '../../services/state'
import c from './Unreachable.module.css'

/** What failed, how often, what this kind of failure means, and why there is no Start. */
export function Alert({ service }: { service: Service }) {
  const { t } = useTranslation('unreachable')
  const isAdmin = useIsAdmin()
  const { arrange, isPending } = useArrange()
  const { id, muted, lastReach } = service
  const reason = reasonOf(service)
  if (!reason || !lastReach) return null
  const { message, hint } = describeReason(reason)
  const { failures, failingSince } = lastReach
  return (
    <section className={c.alert} role="alert">
      <StatusIcon of="unreachable" size={20} />
      <div className={c.alertText}>
        <h2>{message}</h2>
        <p>
          {t('failed', { count: failures, time: formatClock(failingSince) })} {hint} {t('cannotStart')}
        </p>
      </div>
      {isAdmin && (
        <div className={c.alertDo}>
          <Button
            variant="light"
            component="a"
            href={askHref(id, 'edit')}
            leftSection={<IconPencil size={16} stroke={1.6} />}
          >
            {t('edit')}
          </Button>
          <Button
            variant="subtle"
            color="gray"
            loading={isPending}
            onClick={() => arrange([{ id, muted: !muted }])}
            leftSection={muted ? <IconBell size={16} stroke={1.6} /> : <IconBellOff size={16} stroke={1.6} />}
          >
            {muted ? t('unmute') : t('mute')}
          </Button>
        </div>
      )}
    </section>
  )
}
