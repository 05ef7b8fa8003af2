/** When the engine read a line. */
export interface EngineTime {
  /** Unix ms. */
  at: number
  /** Seconds and nanoseconds as `since` and `until` take them; longer strings of digits are later ones. */
  since: string
}

const shape = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/

/** Longest that a timestamp may be: nanoseconds and a zone. */
export const longestTimestamp = 35

/** Reads RFC 3339 timestamps; lines of the same second cost no parsing of dates. */
export function createTimestampReader() {
  let knownSecond = ''
  /** All but the nanoseconds of what the engine usually writes, with their point. */
  let usual = ''
  let seconds = 0

  const timeOf = (nanos: string): EngineTime => ({
    at: seconds * 1000 + Number(nanos.slice(0, 3)),
    since: `${seconds}.${nanos}`,
  })

  /** The time that a text is, or null when it is none. */
  return (text: string): EngineTime | null => {
    if (text.length === 30 && usual !== '' && text.startsWith(usual) && text.endsWith('Z'))
      return timeOf(text.slice(20, 29))
    const match = shape.exec(text)
    if (!match) return null
    const [, second = '', fraction = '', zone = ''] = match
    if (second + zone !== knownSecond) {
      const ms = Date.parse(second + zone)
      if (Number.isNaN(ms)) return null
      knownSecond = second + zone
      seconds = ms / 1000
      usual = zone === 'Z' ? `${second}.` : ''
    }
    return timeOf(fraction.padEnd(9, '0'))
  }
}

/** Some time before, as `since` takes it. */
export function earlier({ since }: EngineTime, seconds: number): string {
  const [whole = '0', nanos = '0'] = since.split('.')
  return `${Math.max(0, Number(whole) - seconds)}.${nanos}`
}

export type TimestampReader = ReturnType<typeof createTimestampReader>
