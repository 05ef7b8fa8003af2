import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cardName } from '../../../shared/cards'
import type { CardIdentity } from '../../../shared/contract'
import { describeReason } from '../../i18n'
import { formatMiB } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import { hrefOf } from '../../ui/route'
import { StatusLabel, type StatusKey } from '../../ui/Status'
import c from './CardIdentity.module.css'

type Row = CardIdentity['services'][number]

const looks: Record<Row['state'], StatusKey> = {
  agrees: 'in-sync',
  contradicts: 'drifted',
  unclear: 'unknown',
  unknown: 'unknown',
}

function Asked({ requested }: Pick<Row, 'requested'>) {
  const { t } = useTranslation('identity')
  if (!requested || requested.settings.length === 0) return <span className="dim">{t('services.nothing')}</span>
  return (
    <>
      {requested.settings.map((setting) => (
        <code key={setting} title={setting} className={c.setting}>
          {setting}
        </code>
      ))}
      <span className={c.sub}>{t(`services.in.${requested.in}`)}</span>
    </>
  )
}

function Reported({ reported }: Pick<Row, 'reported'>) {
  const { t } = useTranslation('identity')
  if (!reported) return <span className="dim">{t('services.silent')}</span>
  return (
    <>
      <span>
        {reported.name === null ? t('services.nameless') : cardName(reported.name)}, {formatMiB(reported.totalMiB)}
      </span>
      {reported.index !== null && <span className={c.sub}>{`cuda:${reported.index}`}</span>}
    </>
  )
}

/** What each service asks for, what it reports, and whether that agrees. */
export function Requested({ here, all }: { here: readonly Row[]; all: readonly Row[] }) {
  const { t } = useTranslation('identity')
  const [isAll, setAll] = useState(false)
  const rows = isAll ? all : here
  return (
    <Panel
      title={t('services.title')}
      note={t('services.here', { count: here.length })}
      {...(all.length > here.length && {
        action: (
          <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAll(!isAll)}>
            {isAll ? t('services.fewer') : t('services.all', { count: all.length })}
          </Button>
        ),
      })}
      flush
    >
      {rows.length === 0 ? (
        <p className={c.none}>{t('services.none')}</p>
      ) : (
        <table className={c.services}>
          <thead>
            <tr>
              <th scope="col">{t('services.service')}</th>
              <th scope="col">{t('services.requested')}</th>
              <th scope="col">{t('services.reported')}</th>
              <th scope="col">{t('services.state')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.serviceId} data-wrong={row.state === 'contradicts' || undefined}>
                <th scope="row">
                  <a className={c.service} href={hrefOf('services', row.serviceId)}>
                    {row.serviceId}
                  </a>
                </th>
                <td>
                  <Asked requested={row.requested} />
                </td>
                <td>
                  <Reported reported={row.reported} />
                </td>
                <td>
                  <StatusLabel of={looks[row.state]} word={t(`state.${row.state}`)} />
                  {(row.state === 'unclear' || row.state === 'unknown') && (
                    <span className={c.sub}>{describeReason(row.reason).message}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
