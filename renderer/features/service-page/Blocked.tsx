import { Button } from '@mantine/core'
import { IconPencil, IconPlayerPlay, IconRefresh, IconStethoscope } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { StartPlan } from '../services/lazy-lines'
import { canStart, reasonOf, statusOf } from '../services/state'
import { StatusIcon, toneOf } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import type { ServiceActions } from '../services/useServiceActions'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import c from './ServiceDetail.module.css'

/** What only another configuration mends. */
const ofConfiguration = new Set([
  ...['service.command-missing', 'service.command-refused', 'service.command-is-script', 'service.folder-missing'],
  ...['credential.not-found', 'credential.no-value', 'compose.file-missing', 'backend.host-unknown', 'backend.tls'],
  ...['backend.credential-needed', 'service.port-shared'],
])

/** Whether the address, the program or the credential is most likely wrong as it is written. */
const asksForEdit = ({ runtime, health }: Service) =>
  health.state === 'unreachable' ||
  ofConfiguration.has(health.problem ?? '') ||
  (runtime === 'external' && health.state === 'unhealthy')

function EditButton({ actions }: { actions: ServiceActions }) {
  const { t } = useTranslation('edit')
  return (
    <Button variant="light" leftSection={<IconPencil size={15} stroke={1.6} />} onClick={actions.edit}>
      {t('action.editService')}
    </Button>
  )
}

function WayOut({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { t } = useTranslation('services')
  const { id, health, operation } = service
  if (operation !== null) return null
  if (health.state === 'locked-out') {
    return (
      <Button
        variant="light"
        component="a"
        href={hrefOf('services', id, 'doctor')}
        leftSection={<IconStethoscope size={15} stroke={1.6} />}
      >
        {t('do.why')}
      </Button>
    )
  }
  if (canStart(service)) {
    return (
      <Button variant="light" leftSection={<IconPlayerPlay size={15} stroke={1.6} />} onClick={actions.start}>
        {t('do.startAgain')}
      </Button>
    )
  }
  return (
    <Button
      variant="light"
      leftSection={<IconRefresh size={15} stroke={1.6} />}
      onClick={actions.probe}
      loading={actions.isProbing}
    >
      {t('do.probe')}
    </Button>
  )
}

/** Why the service is below ready and what to do; null when it is ready. Red only where it blocks work. */
export function Blocked({ service, actions }: { service: Service; actions: ServiceActions }) {
  const isAdmin = useIsAdmin()
  const reason = reasonOf(service)
  if (!reason || service.health.state === 'ready') return null
  const of = statusOf(service)
  const isBad = toneOf(of) === 'bad'
  const { message, hint } = describeReason(reason)
  return (
    <section className={c.blocked} data-tone={toneOf(of)} role={isBad ? 'alert' : 'status'}>
      <StatusIcon of={of} size={20} />
      <div className={c.blockedText}>
        <h2>{message}</h2>
        <p>{hint}</p>
        <StartPlan service={service} />
      </div>
      {isBad && isAdmin && asksForEdit(service) && <EditButton actions={actions} />}
      {isBad && <WayOut service={service} actions={actions} />}
    </section>
  )
}
