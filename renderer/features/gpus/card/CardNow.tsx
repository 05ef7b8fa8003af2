import { IconArrowRight, IconClock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { CardTurns } from '../../../../shared/contract'
import { describeReason } from '../../../i18n'
import { formatDuration, formatInteger } from '../../../i18n/format'
import { Age } from '../../../ui/Ago'
import { Panel } from '../../../ui/Panel'
import { StatusIcon } from '../../../ui/Status'
import { useNow } from '../../../ui/useNow'
import { holdersOf } from './lanes'
import { ServiceLink } from './ServiceLink'
import type { Names } from './useNames'
import c from './OneCard.module.css'

/** In place of a holder: nobody, unless somebody works without a turn, or that is not known. */
function NoHolder({ card: { lanes }, names }: { card: CardTurns; names: Names }) {
  const { t } = useTranslation('card')
  const strangers = lanes.filter(({ state }) => state === 'working').map(({ serviceId }) => names.service(serviceId))
  if (strangers.length > 0) return <span className={c.mid}>{t('now.strange', { services: strangers.join(', ') })}</span>
  return <span className={c.big}>{t(lanes.some(({ state }) => state === 'unknown') ? 'unknown' : 'now.nobody')}</span>
}

/** In how many whole seconds something should be, in ms; 0 and less: it takes longer. */
const leftMs = (at: number, now: number): number => 1000 * Math.ceil((at - now) / 1000)

/** Whole seconds, in words: an estimate has no tenths. */
function useAbout(): (ms: number) => string {
  const { t } = useTranslation('common')
  return (ms) => (ms < 60_000 ? t('time.seconds', { n: ms / 1000 }) : formatDuration(ms))
}

/** How long a holder's jobs should still take. */
function Left({ doneAt }: { doneAt: number }) {
  const { t } = useTranslation('card')
  const about = useAbout()
  const left = leftMs(doneAt, useNow(1000))
  return left > 0 ? t('now.left', { time: about(left) }) : t('now.longer')
}

/** That somebody is next, and when where that is known. */
function NextLabel({ nextAt }: { nextAt: number | null }) {
  const { t } = useTranslation('card')
  const about = useAbout()
  const left = leftMs(nextAt ?? 0, useNow(1000))
  return left > 0 ? t('now.nextIn', { time: about(left) }) : t('now.next')
}

/** Who has the card, for whom, and since when. */
function Holders({ card, names }: { card: CardTurns; names: Names }) {
  const { t } = useTranslation('card')
  const holders = holdersOf(card)
  return (
    <div className={c.holder}>
      <span className={c.label}>{t('now.has')}</span>
      {holders.length === 0 && <NoHolder card={card} names={names} />}
      {holders.map(({ serviceId, state, since, doneAt, for: by }) => (
        <div key={serviceId} className={c.held}>
          <StatusIcon of={state === 'working' ? 'running' : 'idle'} size={18} />
          <span className={c.heldText}>
            <ServiceLink id={serviceId} names={names} className={c.big} />
            <span className={c.mid}>
              {t(`state.${state}`)}, {t('now.since')} <Age since={since} />
              {by !== undefined && `, ${t('now.for', { name: names.person(by) })}`}
              {doneAt !== null && (
                <>
                  , <Left doneAt={doneAt} />
                </>
              )}
            </span>
          </span>
        </div>
      ))}
    </div>
  )
}

/** Who is next, what that waits for, and who comes then. */
function Next({ card: { waiting, lanes, nextAt }, names }: { card: CardTurns; names: Names }) {
  const { t } = useTranslation('card')
  const [first, ...others] = waiting
  const need = first && lanes.find(({ serviceId }) => serviceId === first.serviceId)?.needMiB
  return (
    <div className={c.holder}>
      <span className={c.label}>
        <NextLabel nextAt={nextAt} />
      </span>
      {first ? (
        <div className={c.held}>
          <IconClock size={18} className={c.warn} aria-hidden />
          <span className={c.heldText}>
            <ServiceLink id={first.serviceId} names={names} className={c.big} />
            <span className={c.mid}>
              {t('now.waits', { name: names.person(first.by) })} <Age since={first.since} />
              {need != null && `, ${t('now.needs', { mib: formatInteger(need) })}`}
            </span>
            <span className={c.mid}>{describeReason(first.reason).message}</span>
            {others.length > 0 && <span className={c.mid}>{t('now.more', { count: others.length })}</span>}
          </span>
        </div>
      ) : (
        <span className={c.mid}>{t('now.nobodyWaits')}</span>
      )}
    </div>
  )
}

function Memory({ card: { totalMiB, usedMiB, othersMiB } }: { card: CardTurns }) {
  const { t } = useTranslation('card')
  const isKnown = totalMiB !== null && usedMiB !== null
  const used = isKnown ? t('now.used', { used: formatInteger(usedMiB), total: formatInteger(totalMiB) }) : t('unknown')
  return (
    <div className={c.memory}>
      <span className={c.label}>{t('now.memory')}</span>
      <span className={`num ${c.figure}`}>{used}</span>
      {isKnown && (
        <span className={c.bar} data-tells aria-hidden>
          <span style={{ width: `${Math.min(100, (100 * usedMiB) / totalMiB)}%` }} />
        </span>
      )}
      {othersMiB !== null && (
        <span className={c.mid}>{t('now.others', { mib: formatInteger(Math.max(0, othersMiB)) })}</span>
      )}
    </div>
  )
}

/** The two sentences that matter: who has the card, and who is next and waits for what. */
export function CardNow({ card, names }: { card: CardTurns; names: Names }) {
  const { t } = useTranslation('card')
  return (
    <Panel title={t('now.title')} note={t('now.note', { count: card.lanes.length })} flush>
      <div className={c.now}>
        <Holders card={card} names={names} />
        <IconArrowRight size={18} className={c.arrow} aria-hidden />
        <Next card={card} names={names} />
        <Memory card={card} />
      </div>
    </Panel>
  )
}
