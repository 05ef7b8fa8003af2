import { useTranslation } from 'react-i18next'
import type { Gpu } from '../../../shared/contract'
import { formatMiB } from '../../i18n/format'
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
    <div className={c.bar} style={{ height }} data-tells role="img" aria-label={words}>
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
          <i data-series={share.series} data-tells />
          <span className={c.legendLabel}>{label(share)}</span>
          <b>{formatMiB(share.mib)}</b>
          {how && <span className={c.how}>{matched(share)}</span>}
        </li>
      ))}
      {freeMiB !== null && (
        <li>
          <i data-series="free" data-tells />
          <span className={c.legendLabel}>{t('share.free')}</span>
          <b>{formatMiB(freeMiB)}</b>
          {how && <span className={c.how} />}
        </li>
      )}
    </ul>
  )
}
