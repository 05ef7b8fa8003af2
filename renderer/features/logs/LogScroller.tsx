import { Button } from '@mantine/core'
import { IconArrowDown } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useLayoutEffect,
  useRef,
  type KeyboardEvent,
  type MouseEvent,
} from 'react'
import { useTranslation } from 'react-i18next'
import { formatInteger } from '../../i18n/format'
import { LogRowLine, type LogWords } from './LogRowLine'
import type { LogRow } from './rows'
import { indexOfRow, type Selection } from './selection'
import c from './LogPane.module.css'

const lineHeight = 20

interface LogScrollerProps {
  selection: Selection
  /** Grows with every change of the lines. */
  version: number
  find: RegExp | null
  /** The line that the search is at. */
  current: LogRow | null
  services: readonly string[]
  showsTimes: boolean
  wraps: boolean
  follow: boolean
  /** Scrolling up ends following, scrolling to the end takes it up again. */
  onFollow: (follow: boolean) => void
  /** New lines since following ended. */
  fresh: number
  isPicked: (row: LogRow) => boolean
  onPick: (row: LogRow, event: MouseEvent) => void
  onKeyDown: (event: KeyboardEvent) => void
}

/** The words of all lines, asked for once: there are many, and they come fast. */
function useLineWords(): LogWords {
  const { t } = useTranslation('logs')
  return useMemo(
    () => ({
      redacted: t('redacted'),
      hint: t('selectHint'),
      info: t('levelName.info'),
      warn: t('levelName.warn'),
      error: t('levelName.error'),
      panel: t('levelName.panel'),
    }),
    [t],
  )
}

/** The list of which only what is in sight exists: it keeps the end in sight while that is followed, else what is read. */
function useLines({ selection, version, current, wraps, follow, onFollow }: LogScrollerProps) {
  const { rows, removed } = selection
  const scroller = useRef<HTMLDivElement>(null)
  // The same function as long as it gives the same keys: another one makes it measure all lines anew.
  const getItemKey = useCallback((index: number) => (wraps ? index + removed : index), [wraps, removed])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    getItemKey,
    overscan: 16,
    paddingStart: 6,
    paddingEnd: 6,
  })
  const total = virtual.getTotalSize()

  // What is read stays where it is while lines are dropped above it.
  const gone = useRef(removed)
  useLayoutEffect(() => {
    const element = scroller.current
    const dropped = removed - gone.current
    gone.current = removed
    if (element && dropped > 0 && !follow) element.scrollTop -= dropped * lineHeight
  }, [removed, follow])

  useEffect(() => {
    const element = scroller.current
    if (follow && element) element.scrollTop = element.scrollHeight
  }, [follow, total, version])

  const place = current?.place
  // Only when another line is gone to: new lines must not scroll back to it.
  const goTo = useEffectEvent((wanted: number) => {
    const index = indexOfRow(rows, wanted)
    if (index >= 0) virtual.scrollToIndex(index, { align: 'center' })
  })
  useEffect(() => {
    if (place !== undefined) goTo(place)
  }, [place])

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
  return { scroller, virtual, total, onScroll }
}

/** The lines themselves, of which only those in sight exist in the page. */
export function LogScroller(props: LogScrollerProps) {
  const { selection, find, current, services, showsTimes, wraps, follow, onFollow, fresh } = props
  const { t } = useTranslation('logs')
  const { scroller, virtual, total, onScroll } = useLines(props)
  const words = useLineWords()
  return (
    <div className={c.frame}>
      <div
        ref={scroller}
        className={c.log}
        role="log"
        aria-label={t('title')}
        aria-live="off"
        tabIndex={0}
        data-times={showsTimes || undefined}
        data-wraps={wraps || undefined}
        data-merged={services.length > 1 || undefined}
        onScroll={onScroll}
        onKeyDown={props.onKeyDown}
      >
        <div className={c.all} style={{ height: total }}>
          {virtual.getVirtualItems().map((item) => {
            const row = selection.rows[item.index]
            return (
              row && (
                <div
                  key={item.key}
                  {...(wraps && { ref: virtual.measureElement, 'data-index': item.index })}
                  className={c.place}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <LogRowLine
                    row={row}
                    revision={row.revision}
                    words={words}
                    find={find}
                    isCurrent={row === current}
                    isSelected={props.isPicked(row)}
                    service={services.length > 1 ? services.indexOf(row.service) : null}
                    onPick={props.onPick}
                  />
                </div>
              )
            )
          })}
        </div>
      </div>
      {!follow && (
        <Button
          className={c.jump}
          variant="default"
          leftSection={<IconArrowDown size={15} stroke={1.6} />}
          onClick={() => onFollow(true)}
        >
          {fresh > 0 ? t('jumpNew', { count: fresh, n: formatInteger(fresh) }) : t('jump')}
        </Button>
      )}
    </div>
  )
}
