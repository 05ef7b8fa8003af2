import { useTranslation } from 'react-i18next'
import type { Gpu } from '../../../shared/contract'
import { chartOf, type GpuSample } from './gpu-history'
import { formatGiBNumber, formatInteger, formatMiB } from '../../i18n/format'
import { GpuWarning } from './GpuWarning'
import { Chart } from '../../ui/chart/Chart'
import { attribute, type Share } from './shares'
import c from './Gpu.module.css'

function useShareLabel() {
  const { t } = useTranslation('gpus')
  return (share: Share) => share.serviceId ?? t('share.other')
}

/** Who holds the memory. Series differ by lightness and by pattern, so that the bar reads without hue. */
export function AttributionBar({ gpu, height = 12 }: { gpu: Gpu; height?: number }) {
  const label = useShareLabel()
  const total = gpu.memoryTotalMiB
  const { shares } = attribute(gpu)
  const words = shares.map((share) => `${label(share)} ${formatMiB(share.mib)}`).join(', ')
  return (
    <div className={c.bar} style={{ height }} role="img" aria-label={words}>
      {total !== null &&
        shares.map((share) => (
          <span
            key={share.serviceId ?? ''}
            data-series={share.series}
            style={{ width: `${(share.mib / total) * 100}%` }}
          />
        ))}
    </div>
  )
}

/** The bar's numbers; `how` adds how each holder was matched. */
export function Legend({ gpu, how }: { gpu: Gpu; how?: boolean }) {
  const { t } = useTranslation('gpus')
  const label = useShareLabel()
  const { shares, freeMiB } = attribute(gpu)
  const matched = ({ serviceId, pids }: Share) =>
    serviceId === null ? t('share.otherHow') : t('share.matched', { count: pids.length, pids: pids.join(', ') })
  return (
    <ul className={c.legend} data-how={how || undefined}>
      {shares.map((share) => (
        <li key={share.serviceId ?? ''}>
          <i data-series={share.series} />
          <span className={c.legendLabel}>{label(share)}</span>
          <b>{formatMiB(share.mib)}</b>
          {how && <span className={c.how}>{matched(share)}</span>}
        </li>
      ))}
      {freeMiB !== null && (
        <li>
          <i data-series="free" />
          <span className={c.legendLabel}>{t('share.free')}</span>
          <b>{formatMiB(freeMiB)}</b>
          {how && <span className={c.how} />}
        </li>
      )}
    </ul>
  )
}

/** A reading with its unit; what the driver does not tell is said in a word. */
function Figure({ value, unit, label }: { value: string | null; unit: string; label: string }) {
  const { t } = useTranslation('gpus')
  return (
    <div className={c.figure}>
      <span className={c.figureLabel}>{label}</span>
      {value === null ? (
        <span className="dim">{t('unknown')}</span>
      ) : (
        <span>
          <b>{value}</b>
          <small> {unit}</small>
        </span>
      )}
    </div>
  )
}

const whole = (value: number | null) => (value === null ? null : formatInteger(value))

/** One GPU in one line of the Overview. */
export function GpuRow({ gpu, history }: { gpu: Gpu; history: readonly GpuSample[] }) {
  const { t } = useTranslation('gpus')
  const { utilizationPct: load, memoryUsedMiB: used, memoryTotalMiB: total, powerLimitW: cap } = gpu
  return (
    <article className={c.row}>
      <div className={c.who}>
        <h3>{gpu.name}</h3>
        <span className="dim">{t('indexInSmi', { index: gpu.index })}</span>
      </div>
      <div className={c.util}>
        <Figure label={t('load')} value={whole(load)} unit="%" />
        <div className={c.spark}>
          <Chart
            {...chartOf(history)}
            lines={[{ values: history.map(({ utilizationPct }) => utilizationPct), token: '--data-1' }]}
            min={0}
            max={100}
            height={36}
            label={load === null ? t('load') : t('loadNow', { pct: formatInteger(load) })}
          />
        </div>
      </div>
      <div className={c.mem}>
        <div className={c.memHead}>
          <span className={c.figureLabel}>{t('memory')}</span>
          {used === null || total === null ? (
            <span>{t('unknown')}</span>
          ) : (
            <span>
              <b>{formatGiBNumber(used)}</b> {t('ofSize', { size: formatMiB(total) })}
            </span>
          )}
        </div>
        <AttributionBar gpu={gpu} />
        <Legend gpu={gpu} />
      </div>
      <Figure label={t('temperature')} value={whole(gpu.temperatureC)} unit="°C" />
      <Figure
        label={t('power')}
        value={whole(gpu.powerW)}
        unit={cap === null ? 'W' : t('ofWatts', { watts: formatInteger(cap) })}
      />
      {gpu.warning && <GpuWarning warning={gpu.warning} />}
    </article>
  )
}
