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
  cores: number | null
  range: StatsRange
}

function Charts({ points, reading, cores, range }: ChartsProps) {
  const { t } = useTranslation('stats')
  const unknown = <span className="dim">{t('unknown')}</span>
  const latest = points.at(-1)
  const limit = reading?.memoryLimitBytes ?? latest?.memoryLimitBytes ?? null
  const percent = (value: number) => t('percent', { n: formatInteger(value) })
  const perSecond = (bytes: number) => t('perSecond', { size: formatSize(bytes) })
  const cpu = seriesOf(points, ['cpuPct'])
  const memory = seriesOf(points, ['memoryBytes'])
  const net = seriesOf(points, ['receivedPerS', 'sentPerS'])
  const disk = seriesOf(points, ['readPerS', 'writtenPerS'])
  const chart = (
    { times, values }: ReturnType<typeof seriesOf>,
    what: string,
    format: (value: number) => string,
    least: number,
    base: 10 | 1024 = 1024,
  ) => (
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
  const both = (first: number | null, second: number | null, labels: [string, string]) => (
    <span className={c.pair}>
      {([first, second] as const).map((value, which) => (
        <span key={labels[which]} className={c.legend} data-line={which}>
          {labels[which]} {value === null ? unknown : <b>{perSecond(value)}</b>}
        </span>
      ))}
    </span>
  )
  const netLabels: [string, string] = [t('received'), t('sent')]
  const diskLabels: [string, string] = [t('read'), t('written')]
  const ownNetwork = points.length === 0 || points.some(({ receivedPerS }) => receivedPerS !== null)
  return (
    <div className={c.charts}>
      <Card
        title={t('cpu')}
        value={reading?.cpuPct == null ? unknown : <b>{t('percent', { n: formatTenths(reading.cpuPct) })}</b>}
        note={cores === null ? undefined : t('cores', { count: cores, pct: formatInteger(cores * 100) })}
      >
        {chart(cpu, t('cpu'), percent, 10, 10)}
      </Card>
      <Card
        title={t('memory')}
        value={reading?.memoryBytes == null ? unknown : <b>{formatMiB(reading.memoryBytes / mib)}</b>}
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
        {chart(memory, t('memory'), formatSize, 16 * mib)}
      </Card>
      <Card
        title={t('network')}
        value={both(reading?.receivedPerS ?? null, reading?.sentPerS ?? null, netLabels)}
        note={ownNetwork ? undefined : t('hostNetwork')}
      >
        {chart(net, t('network'), perSecond, 2048)}
      </Card>
      <Card title={t('disk')} value={both(reading?.readPerS ?? null, reading?.writtenPerS ?? null, diskLabels)}>
        {chart(disk, t('disk'), perSecond, 2048)}
      </Card>
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
