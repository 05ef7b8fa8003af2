import { SegmentedControl } from '@mantine/core'
import { IconChartLine } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContainerReading, Service, StatsEvent, StatsPoint, StatsRange } from '../../../../shared/contract'
import { Chart } from '../../../ui/chart/Chart'
import { topOf } from '../../../ui/chart/scale'
import { Empty, Loading } from '../../../ui/States'
import { StatusIcon } from '../../../ui/Status'
import { describeReason } from '../../../i18n'
import { formatInteger, formatMiB, formatSize, formatTenths } from '../../../i18n/format'
import { seriesOf, spanOf } from './points'
import { useStats } from './useStats'
import c from './Stats.module.css'
import { ErrorState } from '../../../api/Loaded'

const ranges = ['10m', '2h', '24h'] as const satisfies StatsRange[]
const mib = 2 ** 20

interface CardProps {
  title: string
  value: ReactNode
  note?: ReactNode
  children: ReactNode
}

function Card({ title, value, note, children }: CardProps) {
  return (
    <figure className={c.card}>
      <figcaption>
        <h2>{title}</h2>
        <span className={c.value}>{value}</span>
        {note !== undefined && <span className={c.note}>{note}</span>}
      </figcaption>
      {children}
    </figure>
  )
}

interface ChartsProps {
  points: readonly StatsPoint[]
  reading: ContainerReading | null
  range: StatsRange
}

interface LinesProps extends Pick<ChartsProps, 'points' | 'range'> {
  what: string
  /** One line each, at most two. */
  keys: Parameters<typeof seriesOf>[1]
  format: (value: number) => string
  /** The axis reaches so far at least. */
  least: number
  base?: 10 | 1024
}

function Lines({ points, range, what, keys, format, least, base = 1024 }: LinesProps) {
  const { t } = useTranslation('stats')
  const { times, values } = seriesOf(points, keys)
  return (
    <Chart
      times={times}
      lines={values.map((one, at) => ({ values: one, token: at === 0 ? '--data-1' : '--data-2' }))}
      spanMs={spanOf[range]}
      min={0}
      max={topOf(values, least, base)}
      axes={{ width: 76, format }}
      height={168}
      label={t('chart', { what })}
    />
  )
}

function Unknown() {
  const { t } = useTranslation('stats')
  return <span className="dim">{t('unknown')}</span>
}

function Cpu({ points, reading, cores, range }: ChartsProps & { cores: number | null }) {
  const { t } = useTranslation('stats')
  const percent = (value: number) => t('percent', { n: formatInteger(value) })
  return (
    <Card
      title={t('cpu')}
      value={reading?.cpuPct == null ? <Unknown /> : <b>{t('percent', { n: formatTenths(reading.cpuPct) })}</b>}
      note={cores === null ? undefined : t('cores', { count: cores, pct: formatInteger(cores * 100) })}
    >
      <Lines points={points} range={range} what={t('cpu')} keys={['cpuPct']} format={percent} least={10} base={10} />
    </Card>
  )
}

function Memory({ points, reading, range }: ChartsProps) {
  const { t } = useTranslation('stats')
  const limit = reading?.memoryLimitBytes ?? points.at(-1)?.memoryLimitBytes ?? null
  return (
    <Card
      title={t('memory')}
      value={reading?.memoryBytes == null ? <Unknown /> : <b>{formatMiB(reading.memoryBytes / mib)}</b>}
      note={
        limit === null
          ? undefined
          : reading?.memoryBytes == null
            ? t('ofLimit', { limit: formatMiB(limit / mib) })
            : t('ofLimitPct', {
                limit: formatMiB(limit / mib),
                pct: formatInteger((reading.memoryBytes / limit) * 100),
              })
      }
    >
      <Lines
        points={points}
        range={range}
        what={t('memory')}
        keys={['memoryBytes']}
        format={formatSize}
        least={16 * mib}
      />
    </Card>
  )
}

const rates = {
  network: [
    { key: 'receivedPerS', label: 'received' },
    { key: 'sentPerS', label: 'sent' },
  ],
  disk: [
    { key: 'readPerS', label: 'read' },
    { key: 'writtenPerS', label: 'written' },
  ],
} as const

/** What goes in and out, in bytes per second. */
function Rates({
  of,
  points,
  reading,
  range,
  note,
}: ChartsProps & { of: keyof typeof rates; note?: string | undefined }) {
  const { t } = useTranslation('stats')
  const perSecond = (bytes: number) => t('perSecond', { size: formatSize(bytes) })
  return (
    <Card
      title={t(of)}
      value={
        <span className={c.pair}>
          {rates[of].map(({ key, label }, which) => (
            <span key={key} className={c.legend} data-line={which}>
              {t(label)} {reading?.[key] == null ? <Unknown /> : <b>{perSecond(reading[key])}</b>}
            </span>
          ))}
        </span>
      }
      note={note}
    >
      <Lines
        points={points}
        range={range}
        what={t(of)}
        keys={rates[of].map(({ key }) => key)}
        format={perSecond}
        least={2048}
      />
    </Card>
  )
}

function Charts({ cores, ...shown }: ChartsProps & { cores: number | null }) {
  const { t } = useTranslation('stats')
  const { points } = shown
  const ownNetwork = points.length === 0 || points.some(({ receivedPerS }) => receivedPerS !== null)
  return (
    <div className={c.charts}>
      <Cpu {...shown} cores={cores} />
      <Memory {...shown} />
      <Rates {...shown} of="network" note={ownNetwork ? undefined : t('hostNetwork')} />
      <Rates {...shown} of="disk" />
    </div>
  )
}

/** Why there is no reading now. */
function State({ now }: { now: StatsEvent }) {
  const { t } = useTranslation('stats')
  if (now.state === 'live' || now.state === 'starting') return null
  const words = now.reason ? describeReason(now.reason) : null
  return (
    <p className={c.state} role="status">
      <StatusIcon of={now.state === 'engine-away' ? 'stale' : 'stopped'} size={16} />
      <span>
        {t(`state.${now.state}`)} {words && `${words.message} ${words.hint}`}
      </span>
    </p>
  )
}

/** What the service's container uses: CPU, memory, network, block devices, now and in the last hours. */
export default function StatsTab({ service }: { service: Service }) {
  const { t } = useTranslation('stats')
  const [range, setRange] = useState<StatsRange>('10m')
  const { points, now, error } = useStats(service.id, range)
  if (error !== null && now === null) return <ErrorState error={error} />
  if (now === null) return <Loading rows={8} />
  const isEmpty = points.length === 0 && now.state !== 'live' && now.state !== 'starting'
  return (
    <div className={c.page}>
      <div className={c.head}>
        <p className={c.lead}>{t('lead')}</p>
        <SegmentedControl<StatsRange>
          data={ranges.map((value) => ({ value, label: t(`range.${value}`) }))}
          value={range}
          onChange={setRange}
          aria-label={t('rangeLabel')}
        />
      </div>
      {isEmpty ? (
        <Empty icon={IconChartLine} title={t(`empty.${now.state === 'engine-away' ? 'away' : 'title'}`)}>
          {now.reason ? describeReason(now.reason).message : t('empty.text')}
        </Empty>
      ) : (
        <>
          <State now={now} />
          <Charts points={points} reading={now.reading} cores={now.cores} range={range} />
        </>
      )}
    </div>
  )
}
