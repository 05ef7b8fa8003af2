import type { Service } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { KindIcon } from '../services/KindIcon'
import { StatusLabel } from '../../ui/Status'
import { formatHost } from '../../i18n/format'
import c from './Welcome.module.css'
import { RuntimeTag } from '../services/RuntimeTag'
import { statusOf } from '../services/state'

/** Services with their state as it changes, one a line. */
export function ServiceLines({ services }: { services: readonly Service[] }) {
  return (
    <ul className={c.sims}>
      {services.map((service) => (
        <li key={service.id}>
          <KindIcon kind={service.kind} />
          <span className={c.simName}>
            <b>{serviceName(service)}</b>
            <span className="mono">{formatHost(service.url)}</span>
          </span>
          <RuntimeTag runtime={service.runtime} />
          <span className={c.simState}>
            <StatusLabel of={statusOf(service)} />
          </span>
        </li>
      ))}
    </ul>
  )
}
