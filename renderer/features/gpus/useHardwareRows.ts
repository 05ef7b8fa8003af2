import { useTranslation } from 'react-i18next'
import type { Gpu } from '../../../shared/contract'
import { formatInteger } from '../../i18n/format'

/** A card's link, limits and memory errors as rows of facts; a row of which nothing is known is null. */
export function useHardwareRows({ hardware, clockReasons = [], computeCapability }: Gpu): [string, string | null][] {
  const { t } = useTranslation(['gpus', 'cardHistory'])
  const or = (value: number | null) => (value === null ? '–' : formatInteger(value))
  const held = clockReasons.map((why) => t(`cardHistory:reason.${why}`))
  const rows: [string, string | null][] = [
    [t('fact.held'), held.length > 0 ? held.join(', ') : null],
    [t('fact.computeCapability'), computeCapability],
  ]
  if (!hardware) return rows
  const { pcieGen, pcieGenMax, pcieWidth, pcieWidthMax, eccCorrected, eccUncorrected, eccMode } = hardware
  const { powerMinLimitW, powerMaxLimitW, powerDefaultLimitW, powerEnforcedLimitW, clockSmMaxMHz } = hardware
  const link = { gen: or(pcieGen), width: or(pcieWidth), genMax: or(pcieGenMax), widthMax: or(pcieWidthMax) }
  const hasEcc = eccCorrected !== null || eccUncorrected !== null
  const limits = {
    ...{ now: or(powerEnforcedLimitW), least: or(powerMinLimitW) },
    ...{ most: or(powerMaxLimitW), usual: or(powerDefaultLimitW) },
  }
  const hasLimits = [powerEnforcedLimitW, powerMinLimitW, powerMaxLimitW].some((value) => value !== null)
  return [
    ...rows,
    [t('fact.clockMost'), clockSmMaxMHz === null ? null : t('mhz', { n: formatInteger(clockSmMaxMHz) })],
    [t('fact.link'), pcieGen === null && pcieWidth === null ? null : t('link', link)],
    [t('fact.powerLimits'), hasLimits ? t('powerLimits', limits) : null],
    [t('fact.ecc'), hasEcc ? t('ecc', { corrected: or(eccCorrected), uncorrected: or(eccUncorrected) }) : eccMode],
  ]
}
