import { useTranslation } from 'react-i18next'
import type { Gpu } from '../../../shared/contract'
import { formatMiB } from '../../i18n/format'
import { attribute, type Share } from './shares'
import c from './Gpu.module.css'

function useShareLabel() {
  const { t } = useTranslation('gpus')
  return ({ serviceId, holder }: Share) => {
    if (serviceId !== null) return serviceId
    if (holder === undefined || holder.kind === 'rest') return t('share.other')
    // Users are not told which programs run.
    return holder.kind === 'wsl' ? t('share.wsl') : holder.id === '' ? t('share.program') : holder.id
  }
}

/** How it is known who holds a part, and what of it is no model. */
function useShareHow() {
  const { t } = useTranslation('gpus')
  const byPids = (pids: number[]) => t('share.matched', { count: pids.length, pids: pids.join(', ') })
  return ({ serviceId, pids, holder }: Share): string => {
    if (holder === undefined) return serviceId === null ? t('share.otherHow') : byPids(pids)
    const context = holder.contextMiB === null ? [] : [t('share.context', { size: formatMiB(holder.contextMiB) })]
    switch (holder.from) {
      case 'process':
        return [
          serviceId === null ? t('share.byProcess', { count: pids.length, pids: pids.join(', ') }) : byPids(pids),
          ...context,
        ].join('. ')
      case 'service':
        return t('share.byService')
      case 'counter':
        return [t('share.byCounter'), ...context].join('. ')
      case 'rest':
        return holder.names.length > 0 ? t('share.restNames', { names: holder.names.join(', ') }) : t('share.otherHow')
    }
  }
}

const keyOf = ({ serviceId, holder }: Share) => `${holder?.kind ?? ''} ${serviceId ?? holder?.id ?? ''}`

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
          <span key={keyOf(share)} data-series={share.series} style={{ width: `${(share.mib / total) * 100}%` }} />
        ))}
    </div>
  )
}

interface LegendProps {
  gpu: Gpu
  /** Adds how each holder was matched. */
  how?: boolean
  /** Names so many of the largest only, and not what is free. */
  most?: number
}

/** The bar's numbers. */
export function Legend({ gpu, how, most }: LegendProps) {
  const { t } = useTranslation('gpus')
  const label = useShareLabel()
  const { shares, freeMiB } = attribute(gpu)
  const howOf = useShareHow()
  const named = most === undefined ? shares : shares.toSorted((a, b) => b.mib - a.mib).slice(0, most)
  return (
    <ul className={c.legend} data-how={how || undefined}>
      {named.map((share) => (
        <li key={keyOf(share)}>
          <i data-series={share.series} data-tells />
          <span className={c.legendLabel}>{label(share)}</span>
          <b>{formatMiB(share.mib)}</b>
          {how && (
            <span className={c.how} title={howOf(share)}>
              {howOf(share)}
            </span>
          )}
        </li>
      ))}
      {named.length < shares.length && <li>{t('share.more', { count: shares.length - named.length })}</li>}
      {freeMiB !== null && most === undefined && (
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
