import { useTranslation } from 'react-i18next'
import type { GatewayGuest } from '../../../shared/contract'
import { Ago } from '../../ui/Ago'
import { clientName } from '../../ui/client-name'
import rows from '../../ui/NarrowRows.module.css'
import { Panel } from '../../ui/Panel'
import { Person } from '../../ui/Person'
import { hrefOf } from '../../ui/route'
import c from './Gateway.module.css'

function Guest({ guest }: { guest: GatewayGuest }) {
  const { t } = useTranslation('gateway')
  const { account, name, client, from, requests, sockets, since } = guest
  const open = [
    ...(requests > 0 ? [t('inside.requests', { count: requests })] : []),
    ...(sockets > 0 ? [t('inside.sockets', { count: sockets })] : []),
  ]
  return (
    <tr>
      <td>
        <a className={c.person} href={hrefOf('people', account)}>
          <Person name={name} isSmall /> {name}
        </a>
      </td>
      <td title={client}>{clientName(client) || t('inside.unknownClient')}</td>
      <td className="mono">{from}</td>
      <td className={c.mid}>{open.join(', ')}</td>
      <td className={c.mid}>
        <Ago at={since} />
      </td>
    </tr>
  )
}

/** Who has something open at the service at this moment. */
export function InsidePanel({ guests }: { guests: readonly GatewayGuest[] }) {
  const { t } = useTranslation('gateway')
  const people = new Set(guests.map(({ account }) => account)).size
  const open = guests.reduce((sum, { requests, sockets }) => sum + requests + sockets, 0)
  return (
    <Panel
      title={t('inside.title')}
      {...(guests.length > 0 && {
        note: `${t('inside.people', { count: people })}, ${t('inside.connections', { count: open })}`,
      })}
      flush
    >
      {guests.length === 0 ? (
        <p className={c.none}>{t('inside.none')}</p>
      ) : (
        <div className={c.scroll} tabIndex={0} role="group" aria-label={t('inside.title')}>
          <table className={`${c.table} ${rows.rows}`}>
            <thead>
              <tr>
                <th scope="col">{t('inside.person')}</th>
                <th scope="col">{t('inside.client')}</th>
                <th scope="col">{t('inside.from')}</th>
                <th scope="col">{t('inside.open')}</th>
                <th scope="col">{t('inside.since')}</th>
              </tr>
            </thead>
            <tbody>
              {guests.map((guest) => (
                <Guest key={`${guest.account} ${guest.keyId} ${guest.from} ${guest.client}`} guest={guest} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}
