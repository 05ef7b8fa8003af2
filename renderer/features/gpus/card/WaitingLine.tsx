import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CardTurns } from '../../../../shared/contract'
import { describeReason } from '../../../i18n'
import { Age } from '../../../ui/Ago'
import { Person } from '../../../ui/Person'
import { hrefOf } from '../../../ui/route'
import c from './WaitingLine.module.css'

/** One who waits, in the order in which they are served. */
export interface Waiting {
  /** Whose it is, as people are called; null: not told to whoever looks. */
  name: string | null
  /** What it waits for, where several are waited for. */
  service?: { id: string; name: string }
  /** Unix ms. */
  since: number
  /** Why it waits; left out for one that the service has already. */
  reason?: CardTurns['waiting'][number]['reason'] | undefined
  /** What can be done about it. */
  action?: ReactNode
}

/** So many are shown until all are asked for. */
const mostShown = 8

function Row({ one, place }: { one: Waiting; place: number }) {
  const { t } = useTranslation('card')
  const name = one.name ?? t('waiting.someone')
  return (
    <li>
      <span className={`num ${c.place}`} aria-label={t('waiting.place', { n: place })}>
        {place}
      </span>
      <span className={c.who}>
        <Person name={one.name ?? '?'} isSmall />
        <span className="ellipsis" title={name}>
          {name}
        </span>
      </span>
      {one.service && (
        <a className={`ellipsis ${c.service}`} href={hrefOf('services', one.service.id)} title={one.service.name}>
          {one.service.name}
        </a>
      )}
      <span className={c.why}>{one.reason ? describeReason(one.reason).message : t('waiting.given')}</span>
      <span className={`num ${c.since}`}>
        <Age since={one.since} />
      </span>
      {one.action}
    </li>
  )
}

/** Who waits, in order: whose job, for what, why, and for how long. Long lines open on demand. */
export function WaitingLine({ waiting, label }: { waiting: readonly Waiting[]; label: string }) {
  const { t } = useTranslation('card')
  const [areAllShown, setAllShown] = useState(false)
  const shown = areAllShown ? waiting : waiting.slice(0, mostShown)
  const left = waiting.length - shown.length
  return (
    <>
      <ol className={c.line} aria-label={label}>
        {shown.map((one, at) => (
          <Row key={`${at} ${one.since}`} one={one} place={at + 1} />
        ))}
      </ol>
      {waiting.length > mostShown && (
        <div className={c.more}>
          {left > 0 && <span>{t('waiting.more', { count: left })}</span>}
          <Button size="compact-xs" variant="default" onClick={() => setAllShown(!areAllShown)}>
            {t(areAllShown ? 'waiting.fewer' : 'waiting.all')}
          </Button>
        </div>
      )}
    </>
  )
}
