import { IconArrowRight, IconCheck, IconX } from '@tabler/icons-react'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { CardTurn, CardTurns } from '../../../../shared/contract'
import { formatClock, formatDuration, formatInteger } from '../../../i18n/format'
import rows from '../../../ui/NarrowRows.module.css'
import { Panel } from '../../../ui/Panel'
import { StatusIcon } from '../../../ui/Status'
import { leftBeside } from './lanes'
import type { Names } from './useNames'
import c from './OneCard.module.css'

interface CardProps {
  card: CardTurns
  names: Names
}

function TurnRow({ turn, names }: { turn: CardTurn; names: Names }) {
  const { t } = useTranslation('card')
  const { at, from, to, by, waitedMs, how, freedMiB, leftMiB, tookMs } = turn
  return (
    <tr>
      <td className={`num ${c.dim}`}>{formatClock(at)}</td>
      <td>
        <span className={c.change}>
          {from.map((id) => (
            <span key={id}>{names.service(id)}</span>
          ))}
          {from.length > 0 && <IconArrowRight size={13} className={c.dim} aria-label={t('turns.to')} />}
          <span>{names.service(to)}</span>
        </span>
      </td>
      <td className={c.for} title={names.person(by)}>
        {names.person(by)}
      </td>
      <td className="num" data-right data-label={t('turns.waited')}>
        {formatDuration(waitedMs)}
      </td>
      <td className={c.dim}>{t(`turns.${how}`)}</td>
      <td className="num" data-right data-label={t('turns.freed')}>
        <span className={c.freed}>
          {leftMiB !== null && how === 'stopped' && <StatusIcon of="warning" size={14} />}
          {freedMiB === null ? '–' : formatInteger(freedMiB)}
        </span>
      </td>
      <td className="num" data-right data-label={t('turns.took')}>
        {from.length === 0 ? '–' : formatDuration(tookMs)}
      </td>
    </tr>
  )
}

/** What unloading left in use, so that more was done. */
function Leftovers({ card: { turns }, names }: CardProps) {
  const { t } = useTranslation('card')
  return turns
    .filter(({ leftMiB, how }) => leftMiB !== null && how === 'stopped')
    .slice(0, 3)
    .map(({ at, from, leftMiB }) => (
      <p key={at} className={c.why}>
        {t('turns.left', {
          at: formatClock(at),
          services: from.map((id) => names.service(id)).join(', '),
          mib: formatInteger(leftMiB ?? 0),
        })}
      </p>
    ))
}

const columns = ['at', 'turn', 'for', 'waited', 'how', 'freed', 'took'] as const
const figures: readonly string[] = ['waited', 'freed', 'took']

/** The changes of who has the card: what room was taken from, for whom, how, and what that freed. */
export function LastTurns({ card, names }: CardProps) {
  const { t } = useTranslation('card')
  return (
    <Panel title={t('turns.title')} note={t('turns.note')} flush>
      {card.turns.length === 0 ? (
        <p className={c.none}>{t('turns.none')}</p>
      ) : (
        <div className={c.scroll} tabIndex={0} role="group" aria-label={t('turns.title')}>
          <table className={`${c.table} ${rows.rows}`}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col" data-right={figures.includes(column) || undefined}>
                    {t(`turns.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {card.turns.map((turn) => (
                <TurnRow key={`${turn.at} ${turn.to}`} turn={turn} names={names} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Leftovers card={card} names={names} />
    </Panel>
  )
}

function Pair({ leftMiB }: { leftMiB: number | null }) {
  const { t } = useTranslation('card')
  if (leftMiB === null) return <td data-fits="unknown">{t('fit.unknown')}</td>
  const mib = formatInteger(Math.abs(leftMiB))
  return leftMiB >= 0 ? (
    <td data-fits="yes">
      <IconCheck size={14} aria-hidden /> {t('fit.left', { mib })}
    </td>
  ) : (
    <td data-fits="no">
      <IconX size={14} aria-hidden /> {t('fit.short', { mib })}
    </td>
  )
}

/** Which services can stay loaded beside each other, and what is left or short then. */
export function FitTogether({ card: { lanes, pairs, totalMiB }, names }: CardProps) {
  const { t } = useTranslation('card')
  const [, ...heads] = lanes
  return (
    <Panel
      title={t('fit.title')}
      {...(totalMiB !== null && { note: t('fit.of', { mib: formatInteger(totalMiB) }) })}
      flush
    >
      <div className={c.scroll} tabIndex={0} role="group" aria-label={t('fit.title')}>
        <table className={c.fit}>
          <thead>
            <tr>
              <td />
              {heads.map(({ serviceId }) => (
                <th key={serviceId} scope="col" title={names.service(serviceId)}>
                  {names.service(serviceId)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lanes.slice(0, -1).map(({ serviceId: one }, row) => (
              <tr key={one}>
                <th scope="row" title={names.service(one)}>
                  {names.service(one)}
                </th>
                {heads.map(({ serviceId: other }, column) => (
                  <Fragment key={other}>
                    {column < row ? <td aria-hidden /> : <Pair leftMiB={leftBeside(pairs, one, other)} />}
                  </Fragment>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={c.why}>{t('fit.note')}</p>
    </Panel>
  )
}
