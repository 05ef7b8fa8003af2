import i18next from 'i18next'
import { currentLanguage } from '.'

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const cached = <T>(make: (language: string) => T) => {
  const made = new Map<string, T>()
  return () => {
    const language = currentLanguage()
    let one = made.get(language)
    if (one === undefined) made.set(language, (one = make(language)))
    return one
  }
}

const relative = cached((language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }))
const exact = cached((language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }))
const clock = cached((language) => new Intl.DateTimeFormat(language, { timeStyle: 'short' }))
const day = cached((language) => new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' }))
const dayAndClock = cached((language) => new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' }))
const date = cached((language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }))
const integers = cached((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 0 }))
const tenths = cached(
  (language) => new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
)
const ratios = cached((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 3 }))
const lists = cached((language) => new Intl.ListFormat(language))

/** A whole number, grouped as the language does. */
export const formatInteger = (value: number): string => integers().format(value)

/** A number with one decimal place. */
export const formatTenths = (value: number): string => tenths().format(value)

/** A number from 0 to 1 with up to three decimal places. */
export const formatRatio = (value: number): string => ratios().format(value)

/** "a, b and c". */
export const formatList = (items: string[]): string => lists().format(items)

/** How long ago or ahead, e.g. "4 min. ago". */
export function formatRelative(at: number, now: number): string {
  const ms = at - now
  const away = Math.abs(ms)
  if (away < 5 * secondMs) return i18next.t('common:time.now')
  if (away < minuteMs) return relative().format(Math.round(ms / secondMs), 'second')
  if (away < hourMs) return relative().format(Math.round(ms / minuteMs), 'minute')
  if (away < dayMs) return relative().format(Math.round(ms / hourMs), 'hour')
  return relative().format(Math.round(ms / dayMs), 'day')
}

/** How long, in one unit, for a state's age: "34 s", "4 min", "3 h", "12 d". */
export function formatAge(ms: number): string {
  const t = i18next.t
  if (ms < minuteMs) return t('common:time.seconds', { n: Math.max(0, Math.floor(ms / secondMs)) })
  if (ms < hourMs) return t('common:time.minutes', { n: Math.floor(ms / minuteMs) })
  if (ms < dayMs) return t('common:time.hours', { n: Math.floor(ms / hourMs) })
  return t('common:time.days', { n: Math.floor(ms / dayMs) })
}

/** How long something took: "38 ms", "1.2 s", "4 min 12 s". */
export function formatDuration(ms: number): string {
  const t = i18next.t
  if (ms >= 0.05 && ms < 1) return t('common:time.milliseconds', { n: formatTenths(ms) })
  if (ms < secondMs) return t('common:time.milliseconds', { n: formatInteger(ms) })
  if (ms < minuteMs) return t('common:time.seconds', { n: formatTenths(ms / secondMs) })
  const minutes = Math.floor(ms / minuteMs)
  const seconds = t('common:time.seconds', { n: Math.round((ms - minutes * minuteMs) / secondMs) })
  return `${t('common:time.minutes', { n: minutes })} ${seconds}`
}

/** How long, in hours and minutes: "22 h 34 min", "41 min", "2 h". */
export function formatSpan(ms: number): string {
  const t = i18next.t
  const minutes = Math.round(ms / minuteMs)
  const hours = Math.floor(minutes / 60)
  const rest = t('common:time.minutes', { n: minutes % 60 })
  if (hours === 0) return rest
  const whole = t('common:time.hours', { n: hours })
  return minutes % 60 === 0 ? whole : `${whole} ${rest}`
}

/** Time of day, with the day where it is another one. */
export const formatClock = (at: number): string =>
  new Date(at).toDateString() === new Date().toDateString() ? clock().format(at) : dayAndClock().format(at)

/** A day, e.g. "6 December". */
export const formatDay = (at: number): string => day().format(at)

/** A date, e.g. "6 Dec 2026". */
export const formatDate = (at: number): string => date().format(at)

/** Date and time to the second, for tooltips. */
export const formatExact = (at: number): string => exact().format(at)

/** Time of day to the millisecond, as logs write it in every language. */
export function formatLogTime(at: number): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  const ms = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`
}

/** A memory size given in MiB: "512 MiB", "17.2 GiB". */
export const formatMiB = (mib: number): string =>
  mib < 1024
    ? i18next.t('common:size.mib', { n: formatInteger(mib) })
    : i18next.t('common:size.gib', { n: formatTenths(mib / 1024) })

/** The number of a memory size in GiB, without its unit: for figures that carry the unit themselves. */
export const formatGiBNumber = (mib: number): string => formatTenths(mib / 1024)

/** A size or a rate given in bytes, up to GiB. */
export const formatSize = (bytes: number): string =>
  bytes < 2 ** 20 ? formatBytes(Math.round(bytes)) : formatMiB(bytes / 2 ** 20)

/** A file size given in bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return i18next.t('common:size.bytes', { n: formatInteger(bytes) })
  if (bytes < 1024 * 1024) return i18next.t('common:size.kib', { n: formatInteger(bytes / 1024) })
  return i18next.t('common:size.mib', { n: formatTenths(bytes / 1024 / 1024) })
}

/** An address without its scheme, for cards and tables. */
export const formatHost = (url: string): string => url.replace(/^https?:\/\//, '')
