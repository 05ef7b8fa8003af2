import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogLine } from '../../../shared/contract'
import { formatExact, formatLogTime } from '../../i18n/format'
import { FingerprintGlyph } from '../../ui/FingerprintGlyph'
import { Mark } from '../../ui/Mark'
import { splitLine, type LogPart } from './lines'
import c from './LogView.module.css'

const lineHeight = 20

function Part({ part }: { part: LogPart }) {
  const { t } = useTranslation('services')
  switch (part.kind) {
    case 'text':
      return part.text
    case 'found':
      return <mark className={c.found}>{part.text}</mark>
    case 'secret':
      return (
        <span className={c.redacted} title={t('log.redacted')}>
          <FingerprintGlyph hex={part.text} height={10} />
          {part.text}
        </span>
      )
  }
}

function LevelIcon({ line }: { line: LogLine }) {
  if (line.level === 'warn') return <IconAlertTriangle size={13} />
  if (line.level === 'error') return <IconCircleX size={13} />
  return line.stream === 'panel' ? <Mark size={12} /> : null
}

function Line({ line, search }: { line: LogLine; search: string }) {
  const { t } = useTranslation('services')
  const level = line.level === 'info' && line.stream === 'panel' ? 'panel' : line.level
  return (
    <div className={c.line} data-level={level}>
      <time className={c.time} title={formatExact(line.at)}>
        {formatLogTime(line.at)}
      </time>
      <span className={c.level} role="img" aria-label={t(`log.level.${level}`)} title={t(`log.level.${level}`)}>
        <LevelIcon line={line} />
      </span>
      <span className={c.text}>
        {splitLine(line.text, search).map((part, index) => (
          <Part key={index} part={part} />
        ))}
      </span>
    </div>
  )
}

interface LogLinesProps {
  lines: readonly LogLine[]
  search: string
  follow: boolean
  /** Scrolling up ends following, scrolling to the end takes it up again. */
  onFollow: (follow: boolean) => void
}

/** The lines themselves, of which only those in sight exist in the page. */
export function LogLines({ lines, search, follow, onFollow }: LogLinesProps) {
  const { t } = useTranslation('services')
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => lines[index]?.seq ?? index,
    overscan: 20,
    paddingStart: 6,
    paddingEnd: 6,
  })
  const total = virtual.getTotalSize()

  useEffect(() => {
    const element = scroller.current
    if (follow && element) element.scrollTop = element.scrollHeight
  }, [follow, total, lines])

  // Only a person's scrolling starts or ends following: growing content scrolls too.
  const lastTop = useRef(0)
  const onScroll = () => {
    const element = scroller.current
    if (!element) return
    const isUpwards = element.scrollTop < lastTop.current
    lastTop.current = element.scrollTop
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < lineHeight
    if (follow && isUpwards && !isAtEnd) onFollow(false)
    else if (!follow && isAtEnd && !isUpwards) onFollow(true)
  }

  return (
    <div
      ref={scroller}
      className={c.log}
      role="log"
      aria-label={t('log.title')}
      aria-live="off"
      tabIndex={0}
      onScroll={onScroll}
    >
      <div className={c.all} style={{ height: total }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index]
          return (
            line && (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={c.place}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Line line={line} search={search} />
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}
