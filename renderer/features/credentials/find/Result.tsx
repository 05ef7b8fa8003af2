import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Credential } from '../../../../shared/contract'
import { Panel } from '../../../ui/Panel'
import { StatusIcon, StatusLabel } from '../../../ui/Status'
import { hrefOf } from '../../../ui/route'
import { describeReason } from '../../../i18n'
import c from './Find.module.css'

export interface Imported {
  credentials: Credential[]
  serviceIds: string[]
}

/** What the vault holds now, and where to go on. */
export function Result({
  imported: { credentials, serviceIds },
  onAgain,
}: {
  imported: Imported
  onAgain: () => void
}) {
  const { t } = useTranslation('find')
  const drifted = credentials.some((one) => one.drifted > 0)
  const unusable = credentials.filter((one) => one.unusable !== undefined)
  return (
    <div className={c.narrow}>
      <Panel title={t('done.credentials', { count: credentials.length })} flush>
        <ul className={c.done}>
          {credentials.map((one) => (
            <li key={one.id}>
              <a href={hrefOf('credentials', one.id)}>{one.id}</a>
              <span className={c.quiet}>{t('done.sinks', { count: one.sinks.length })}</span>
              <StatusLabel
                of={one.state}
                {...(one.drifted > 0 ? { detail: t('done.drifted', { count: one.drifted }) } : {})}
              />
            </li>
          ))}
        </ul>
      </Panel>
      {serviceIds.length > 0 && (
        <Panel title={t('done.services', { count: serviceIds.length })} flush>
          <ul className={c.done}>
            {serviceIds.map((id) => (
              <li key={id}>
                <a href={hrefOf('services', id)}>{id}</a>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {unusable.map(({ id, unusable: about }) => (
        <p key={id} className={c.reason}>
          <StatusIcon of="warning" />{' '}
          <span>
            {about && describeReason(about.reason).message}{' '}
            <a href={hrefOf('credentials', id)}>{t('done.rotate', { id })}</a>
          </span>
        </p>
      ))}
      <p className={c.text}>{t(drifted ? 'done.next' : 'done.calm')}</p>
      <footer className={c.foot}>
        <Button variant="default" onClick={onAgain}>
          {t('done.again')}
        </Button>
        <Button component="a" href={hrefOf('credentials', credentials.find((one) => one.drifted > 0)?.id)} autoFocus>
          {t(drifted ? 'done.openDrifted' : 'done.open')}
        </Button>
      </footer>
    </div>
  )
}
