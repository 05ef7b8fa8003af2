import { useTranslation } from 'react-i18next'
import { formatExact, formatInteger, formatList, formatMiB } from '../../../i18n/format'
import type { Reading } from './view'

/** One point in words, as a screen reader says it. */
export function useReadingWords() {
  const { t } = useTranslation(['cardHistory', 'gpus'])
  return ({ at, gap, load, memoryMiB, temperatureC, powerW, working }: Reading): string => {
    if (gap) return `${formatExact(at)}: ${t(`gap.${gap.why}`)}`
    const known = [
      load !== null && `${t('gpus:load')} ${formatInteger(load)} %`,
      memoryMiB !== null && `${t('gpus:memory')} ${formatMiB(memoryMiB)}`,
      temperatureC !== null && `${formatInteger(temperatureC)} °C`,
      powerW !== null && `${formatInteger(powerW)} W`,
      working.length > 0 && t('workingNow', { names: formatList(working) }),
    ].filter((one) => one !== false)
    return `${formatExact(at)}: ${known.join(', ') || t('gpus:unknown')}`
  }
}
