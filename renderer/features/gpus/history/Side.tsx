import { useTranslation } from 'react-i18next'
import type { GpuHistory } from '../../../../shared/contract'
import { describeReason } from '../../../i18n'
import { formatAge, formatClock, formatInteger, formatList, formatMiB, formatSpan } from '../../../i18n/format'
import { Facts, Panel } from '../../../ui/Panel'
import { StatusIcon, type StatusKey } from '../../../ui/Status'
import { useNames, type Names } from '../card/useNames'
import { happeningsOf, isUnder, type Happening } from './happenings'
import { markOf } from './life'
import type { Reading } from './view'
import { whenOf } from './when'
import c from './Side.module.css'

/** So many are listed at most. */
const most = 200

/** Figures of one interval: what stands under the crosshair, or what was last. */
export function ReadingPanel({ reading, history }: { reading: Reading; history: GpuHistory }) {
  const { t } = useTranslation(['cardHistory', 'gpus'])
  const names = useNames()
  const or = (value: number | null, say: (known: number) => string) => (value === null ? t('gpus:unknown') : say(value))
  const reasons = reading.reasons.map((why) => t(`reason.${why}`))
  return (
    <Panel title={whenOf(reading.at, history.stepMs)} note={formatAge(history.stepMs)}>
      <Facts
        rows={[
          [t('noData'), reading.gap ? t(`gap.${reading.gap.why}`) : null],
          [t('gpus:load'), or(reading.load, (value) => `${formatInteger(value)} %`)],
          [t('gpus:memory'), or(reading.memoryMiB, formatMiB)],
          [t('gpus:temperature'), or(reading.temperatureC, (value) => `${formatInteger(value)} °C`)],
          [t('gpus:power'), or(reading.powerW, (value) => `${formatInteger(value)} W`)],
          [t('gpus:fact.clock'), or(reading.clockMHz, (value) => t('gpus:mhz', { n: formatInteger(value) }))],
          [t('gpus:fact.fan'), or(reading.fanPct, (value) => `${formatInteger(value)} %`)],
          [t('gpus:fact.slowed'), reasons.length > 0 ? formatList(reasons) : null],
          [t('lane.working'), reading.working.length > 0 ? formatList(reading.working.map(names.service)) : null],
        ]}
      />
      <p className={c.note}>{t('how')}</p>
    </Panel>
  )
}

const serviceLook = { started: 'ready', asleep: 'asleep', stopped: 'stopped', crashed: 'failed' } as const

function lookOf(one: Happening): StatusKey {
  switch (one.of) {
    case 'service':
      return serviceLook[markOf(one) ?? 'started']
    case 'slowed':
      return 'slowed'
    case 'gap':
      return 'notice'
  }
}

function Words({ of: one, names }: { of: Happening; names: Names }) {
  const { t } = useTranslation(['cardHistory', 'timeline'])
  const lasts = formatSpan(Math.max(60_000, one.to - one.from))
  const [head, rest] = ((): [string, string | undefined] => {
    switch (one.of) {
      case 'service': {
        const title = markOf(one) === 'asleep' ? t('asleep') : t(`timeline:kind.${one.kind}`, { operation: '' })
        return [
          t('ofService', { id: names.service(one.serviceId), what: title }),
          one.reason ? describeReason(one.reason).message : undefined,
        ]
      }
      case 'slowed':
        return [t('lane.slowed'), [lasts, ...one.reasons.map((why) => t(`reason.${why}`))].join(', ')]
      case 'gap':
        return [t(`gap.${one.why}`), t('without', { span: lasts })]
    }
  })()
  return (
    <div className={c.words}>
      <b>{head}</b>
      <small className="num">{formatClock(one.from)}</small>
      {rest !== undefined && <small>{rest}</small>}
    </div>
  )
}

/** What happened to the card and to its services, newest first; what stands under the crosshair is marked. */
export function Events({ history, reading }: { history: GpuHistory; reading: Reading | null }) {
  const { t } = useTranslation('cardHistory')
  const names = useNames()
  const all = happeningsOf(history, most)
  return (
    <Panel title={t('events')} note={formatInteger(all.length)} flush>
      {all.length === 0 ? (
        <p className={c.none}>{t('noEvents')}</p>
      ) : (
        <ul className={c.events} tabIndex={0} aria-label={t('events')}>
          {all.map((one, at) => (
            <li
              key={`${one.of} ${one.from} ${at}`}
              aria-current={reading && isUnder(one, reading.at, history.stepMs) ? 'time' : undefined}
            >
              <StatusIcon of={lookOf(one)} />
              <Words of={one} names={names} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
