import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react'
import { memo, type CSSProperties, type MouseEvent } from 'react'
import { formatExact, formatLogTime } from '../../i18n/format'
import { FingerprintGlyph } from '../../ui/FingerprintGlyph'
import { Mark } from '../../ui/Mark'
import type { LogRow } from './rows'
import { lookOf, segmentsOf, type Segment } from './segments'
import c from './LogPane.module.css'

/** The words of every line, fetched once for all. */
export type LogWords = Record<'redacted' | 'hint' | 'info' | 'warn' | 'error' | 'panel', string>

const isNamed = (colour: string) => /^[a-z]+$/.test(colour)

/** The sixteen colours are the theme's own; mixed ones are drawn towards the text's, so that they can be read on both. */
function cssOf(style: string): CSSProperties {
  const { colour, background, marks } = lookOf(style)
  const inverse = marks.includes('inverse')
  const paint = (of: string | undefined) =>
    of === undefined ? undefined : isNamed(of) ? `var(--ansi-${of})` : `color-mix(in oklab, ${of} 65%, var(--text-1))`
  const ground = paint(inverse ? (colour ?? 'white') : background)
  return {
    color: inverse ? undefined : paint(colour),
    background: ground === undefined ? undefined : `color-mix(in srgb, ${ground} 28%, transparent)`,
    fontWeight: marks.includes('bold') ? 700 : undefined,
    opacity: marks.includes('dim') ? 0.8 : undefined,
    fontStyle: marks.includes('italic') ? 'italic' : undefined,
    visibility: marks.includes('hidden') ? 'hidden' : undefined,
    textDecoration:
      [marks.includes('underline') && 'underline', marks.includes('struck') && 'line-through']
        .filter((part) => part !== false)
        .join(' ') || undefined,
  }
}

function Part({ segment: { kind, text, style }, words }: { segment: Segment; words: LogWords }) {
  const css = style === '' ? undefined : cssOf(style)
  switch (kind) {
    case 'text':
      return css ? <span style={css}>{text}</span> : text
    case 'found':
      return (
        <mark className={c.found} style={css}>
          {text}
        </mark>
      )
    case 'secret':
      return (
        <span className={c.secret} title={words.redacted}>
          <FingerprintGlyph hex={text} height={10} />
          {text}
        </span>
      )
  }
}

function LevelIcon({ row }: { row: LogRow }) {
  if (row.level === 'warn') return <IconAlertTriangle size={13} />
  if (row.level === 'error') return <IconCircleX size={13} />
  return row.stream === 'panel' ? <Mark size={12} /> : null
}

interface LogRowLineProps {
  row: LogRow
  /** Lines are replaced in place: another number, another text. */
  revision: number
  words: LogWords
  find: RegExp | null
  isCurrent: boolean
  isSelected: boolean
  /** Where it stands among the services, or null where there is only one. */
  service: number | null
  onPick: (row: LogRow, event: MouseEvent) => void
}

/** One line: time, service, level, text. */
export const LogRowLine = memo(function LogRowLine(props: LogRowLineProps) {
  const { row, words, find, isCurrent, isSelected, service, onPick } = props
  const level = row.level === 'info' && row.stream === 'panel' ? 'panel' : row.level
  return (
    <div
      className={c.line}
      data-level={level}
      data-current={isCurrent || undefined}
      data-selected={isSelected || undefined}
    >
      <time
        className={c.time}
        onMouseEnter={({ currentTarget }) => {
          currentTarget.title = `${formatExact(row.at)}. ${words.hint}`
        }}
        onMouseDown={(event) => onPick(row, event)}
      >
        {formatLogTime(row.at)}
      </time>
      {service !== null && (
        <span className={c.service} data-service={service % 6} title={row.service}>
          {row.service}
        </span>
      )}
      <span className={c.level} role="img" aria-label={words[level]} title={words[level]}>
        <LevelIcon row={row} />
      </span>
      <span className={c.text}>
        {segmentsOf(row, find).map((segment, index) => (
          <Part key={index} segment={segment} words={words} />
        ))}
      </span>
    </div>
  )
})
