import type { TFunction } from 'i18next'
import { currentLanguage } from '../../i18n'
import { formatInteger, formatTenths } from '../../i18n/format'
import { unitFor, type Measure } from './model'

type T = TFunction<'usage'>

const dated = (options: Intl.DateTimeFormatOptions) => (day: string) =>
  new Intl.DateTimeFormat(currentLanguage(), { ...options, timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`))

/** "November 2026", "novembre 2026". Days of the machine are days by name: they are of no time zone here. */
export const monthName = (month: string): string => dated({ month: 'long', year: 'numeric' })(`${month}-01`)

/** "November". */
export const monthOnly = (month: string): string => dated({ month: 'long' })(`${month}-01`)

/** "Friday 27 November". */
export const dayName = dated({ weekday: 'long', day: 'numeric', month: 'long' })

/** "27 Nov". */
export const dayMark = dated({ day: 'numeric', month: 'short' })

/** "1 to 27 November". */
export function daysName({ from, to }: { from: string; to: string }): string {
  const format = new Intl.DateTimeFormat(currentLanguage(), { day: 'numeric', month: 'long', timeZone: 'UTC' })
  return format.formatRange(Date.parse(from), Date.parse(to))
}

/** A time on cards as number and unit. */
export function gpuTime(t: T, seconds: number): { number: string; unit: string } {
  const { unit, of } = unitFor(seconds)
  return { number: formatTenths(seconds / of), unit: t(`unit.${unit}`) }
}

/** The same in one, and in a word where it is not known. */
export function gpuText(t: T, seconds: number | null): string {
  if (seconds === null) return t('unknown')
  const { number, unit } = gpuTime(t, seconds)
  return `${number} ${unit}`
}

/** What a measure says, with its unit. */
export function measured(t: T, measure: Measure, value: number | null): string {
  switch (measure) {
    case 'gpuSeconds':
      return gpuText(t, value)
    case 'images':
      return t('images', { count: value ?? 0, n: formatInteger(value ?? 0) })
    case 'jobs':
      return t('jobs', { count: value ?? 0, n: formatInteger(value ?? 0) })
    default:
      return measure satisfies never
  }
}

/** "+9 %", "−12 %". */
export const changed = (t: T, percent: number): string =>
  t('percent', { n: new Intl.NumberFormat(currentLanguage(), { signDisplay: 'exceptZero' }).format(percent) })
