import { IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { cardHotC, cardName, cardWarmC } from '../../../shared/cards'
import type { Gpu } from '../../../shared/contract'
import { client } from '../../api/client'
import { describeReason } from '../../i18n'
import { formatGiBNumber, formatInteger, formatMiB } from '../../i18n/format'
import { Chart } from '../../ui/chart/Chart'
import { hrefOf } from '../../ui/route'
import { StatusLabel } from '../../ui/Status'
import { FigureRow } from './Figures'
import { fleetOf, needsAttention } from './fleet'
import { AttributionBar, Legend } from './Gpu'
import c from './Compact.module.css'

/** What the small chart of a row shows, in ms. */
const recentMs = 600_000

function Fleet({ gpus }: { gpus: readonly Gpu[] }) {
  const { t } = useTranslation('gpus')
  const { load, memory, power, hottest, roomiest } = fleetOf(gpus)
  const unknown = t('unknown')
  const gib = (mib: number) => formatGiBNumber(mib)
  return (
    <FigureRow
      figures={[
        {
          label: t('fleet.load', { count: load?.of ?? 0 }),
          value: load ? formatInteger(load.pct) : unknown,
          rest: load && '%',
        },
        {
          label: t('memory'),
          value: memory ? gib(memory.usedMiB) : unknown,
          rest: memory && t('ofSize', { size: formatMiB(memory.totalMiB) }),
        },
        {
          label: t('power'),
          value: power ? formatInteger(power.watts) : unknown,
          rest:
            power && (power.limit === null ? t('wattsNoLimit') : t('ofWatts', { watts: formatInteger(power.limit) })),
        },
        {
          label: t('fleet.hottest'),
          value: hottest ? `${formatInteger(hottest.celsius)} °C` : unknown,
          rest: hottest && `GPU ${hottest.index}`,
        },
        {
          label: t('fleet.roomiest'),
          value: roomiest ? formatMiB(roomiest.freeMiB) : unknown,
          rest: roomiest && `GPU ${roomiest.index}`,
        },
      ]}
    />
  )
}

/** Load of the last ten minutes. */
function Recent({ uuid }: { uuid: string }) {
  const { t } = useTranslation('gpus')
  const { data } = useQuery({
    queryKey: ['gpu-history', uuid, 'recent'],
    queryFn: () => {
      const to = Date.now()
      return client.gpus.history({ uuid, from: to - recentMs, to, points: 60 })
    },
    refetchInterval: 10_000,
    retry: false,
  })
  if (!data) return <div className={c.recent} />
  return (
    <div className={c.recent}>
      <Chart
        times={data.times}
        lines={[{ values: data.load.mean, token: '--data-1' }]}
        spanMs={recentMs}
        end={data.to}
        min={0}
        max={100}
        height={36}
        label={t('recentLoad')}
      />
    </div>
  )
}

function State({ gpu }: { gpu: Gpu }) {
  const { t } = useTranslation('gpus')
  const [slowedBy] = gpu.slowedBy ?? []
  const isWorking = (gpu.utilizationPct ?? 0) > 20
  if (gpu.warning) return <StatusLabel of="warning" word={describeReason(gpu.warning).message} />
  if (gpu.temperatureC !== null && gpu.temperatureC >= cardHotC) return <StatusLabel of="hot" />
  if (slowedBy) return <StatusLabel of="slowed" detail={t(`slowedBy.${slowedBy}`)} />
  if (gpu.utilizationPct === null) return <StatusLabel of="unknown" />
  return <StatusLabel of={isWorking ? 'running' : 'idle'} {...(isWorking && { word: t('working') })} />
}

function Row({ gpu }: { gpu: Gpu }) {
  const { t } = useTranslation('gpus')
  const { temperatureC, powerW, powerLimitW, fanPct, utilizationPct, memoryUsedMiB, memoryTotalMiB } = gpu
  return (
    <li className={c.row} data-wrong={needsAttention(gpu) || undefined}>
      <span className={c.index} aria-hidden>
        {gpu.index}
      </span>
      <div className={c.name}>
        <a href={hrefOf('gpus', gpu.uuid)} aria-label={t('cardTitle', { index: gpu.index, name: cardName(gpu.name) })}>
          {cardName(gpu.name)}
        </a>
        <small>{gpu.busId ?? t('unknown')}</small>
      </div>
      <div className={c.state}>
        <State gpu={gpu} />
      </div>
      <div className={c.memory}>
        <AttributionBar gpu={gpu} height={10} />
        <div className={c.held}>
          <Legend gpu={gpu} most={2} />
          <span className="num">
            <b>{memoryUsedMiB === null ? '–' : formatGiBNumber(memoryUsedMiB)}</b>{' '}
            {memoryTotalMiB !== null && t('ofSize', { size: formatMiB(memoryTotalMiB) })}
          </span>
        </div>
      </div>
      <div className={`num ${c.figure}`} data-of={t('temperature')}>
        <b data-warm={(temperatureC ?? 0) >= cardWarmC || undefined}>
          {temperatureC === null ? '–' : `${formatInteger(temperatureC)} °C`}
        </b>
        <small>{fanPct === null ? null : `${t('fact.fan')} ${formatInteger(fanPct)} %`}</small>
      </div>
      <div className={`num ${c.figure}`} data-of={t('power')}>
        <b>{powerW === null ? '–' : formatInteger(powerW)}</b>
        <small>{powerLimitW === null ? 'W' : t('ofWatts', { watts: formatInteger(powerLimitW) })}</small>
      </div>
      <div className={`num ${c.load}`} data-of={t('load')}>
        <b>{utilizationPct === null ? '–' : `${formatInteger(utilizationPct)} %`}</b>
        <Recent uuid={gpu.uuid} />
      </div>
      <IconChevronRight size={16} stroke={1.6} className={c.go} aria-hidden />
    </li>
  )
}

/** Many cards: what they come to together, and a line a card, always in the order of their index. */
export function Compact({ gpus }: { gpus: readonly Gpu[] }) {
  const { t } = useTranslation('gpus')
  const heads = ['fleet.card', 'fleet.state', 'share.title', 'temperature', 'power', 'recentLoad'] as const
  return (
    <>
      <Fleet gpus={gpus} />
      <div className={c.list}>
        <div className={c.heads} aria-hidden>
          {heads.map((head) => (
            <span key={head}>{t(head)}</span>
          ))}
        </div>
        <ul>
          {gpus.map((gpu) => (
            <Row key={gpu.uuid} gpu={gpu} />
          ))}
        </ul>
      </div>
    </>
  )
}
