import { Button } from '@mantine/core'
import { IconRoute } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { useNow } from '../../ui/useNow'
import { Empty } from '../../ui/States'
import { useGateway } from '../keys/useReach'
import { AddressDialog } from './AddressDialog'
import { AddressPanel } from './AddressPanel'
import { BypassPanel } from './BypassPanel'
import { CommonPanel } from './CommonPanel'
import { EventsPanel } from './EventsPanel'
import c from './Gateway.module.css'
import { InsidePanel } from './InsidePanel'
import { LinePanel } from './LinePanel'
import { MonitorsPanel } from './MonitorsPanel'
import { SleepNow } from './SleepNow'
import { SleepPanel } from './SleepPanel'
import { hourOfWeek } from './week'

/** How a service is reached with keys: its address, who is inside, who waits, when it sleeps. */
export default function GatewayTab({ service }: { service: Service }) {
  const { t } = useTranslation('gateway')
  const gateway = useGateway()
  const [isTurningOn, setTurningOn] = useState(false)
  const listener = gateway.data?.listeners.find(({ serviceId }) => serviceId === service.id)
  const now = hourOfWeek(useNow(60_000))
  const told = gateway.data?.services.find(({ serviceId }) => serviceId === service.id)
  const sleeper = gateway.data?.sleepers.find(({ serviceId }) => serviceId === service.id)
  const { line = [], bypass = null, monitors = [] } = told ?? {}
  const sockets = (listener?.inside ?? []).reduce((sum, guest) => sum + guest.sockets, 0)
  const name = serviceName(service)
  const isOn = service.gateway?.enabled === true
  return (
    <div className={c.page}>
      {isOn && service.gateway ? (
        <AddressPanel service={service} config={service.gateway} listener={listener} />
      ) : (
        <div className={c.offPanel}>
          <Empty
            icon={IconRoute}
            title={t('off.title', { id: name })}
            action={<Button onClick={() => setTurningOn(true)}>{t('off.turnOn')}</Button>}
          >
            {t('off.text', { id: name })}
          </Empty>
        </div>
      )}
      <div className={c.grid}>
        <div className={c.column}>
          {isOn && <InsidePanel guests={listener?.inside ?? []} />}
          {(isOn || line.length > 0) && <LinePanel line={line} serviceId={service.id} />}
          <EventsPanel service={service} />
        </div>
        <div className={c.column}>
          {isOn && bypass && <BypassPanel service={service} bypass={bypass} />}
          {monitors.length > 0 && <MonitorsPanel service={service} monitors={monitors} />}
          <SleepPanel key={service.revision} service={service} now={now} sleeper={sleeper} sockets={sockets}>
            <SleepNow service={service} line={line} listener={listener} isBypassed={bypass !== null} />
          </SleepPanel>
          {isOn && <CommonPanel kind={service.kind} />}
        </div>
      </div>
      {isTurningOn && <AddressDialog service={service} onClose={() => setTurningOn(false)} />}
    </div>
  )
}
