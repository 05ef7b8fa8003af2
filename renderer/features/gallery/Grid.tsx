import { Button, Loader } from '@mantine/core'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { thumbnailUrl } from '../../api/images'
import { Picture } from './picture/Picture'
import { StatusLabel } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import { useNow } from '../../ui/useNow'
import { currentLanguage } from '../../i18n'
import { formatInteger } from '../../i18n/format'
import c from './Gallery.module.css'
import { columnsFor, dayWord, toRows, type GalleryRow } from './rows'

const gap = 12
const gutter = 24
const headHeight = 44
const captionHeight = 24

interface GridProps {
  items: Generation[]
  selected: string | undefined
  /** Least width of a thumbnail, in px. */
  least: number
  more: { has: boolean; isLoading: boolean; hasFailed: boolean; load: () => void }
  /** Told how many stand side by side. */
  onColumns: (columns: number) => void
}

interface LinesOptions {
  items: Generation[]
  /** Of all that stand side by side, in px. */
  width: number
  least: number
  hasMore: boolean
}

/** The lines of the grid, heads of days and rows of pictures, and which of them are near the screen. */
function useLines({ items, width, least, hasMore }: LinesOptions) {
  const scroller = useRef<HTMLDivElement>(null)
  const columns = columnsFor(width, least, gap)
  const cell = Math.max(1, (width - gap * (columns - 1)) / columns)
  const rows = useMemo(() => toRows(items, columns, hasMore), [items, columns, hasMore])
  const heads = useMemo(() => rows.flatMap((row, index) => (row.type === 'day' ? [index] : [])), [rows])
  const headAbove = (index: number) => heads.findLast((head) => head <= index)

  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.type === 'day' ? headHeight : cell + captionHeight + gap),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 3,
    paddingEnd: gutter,
    // The head of the day stays on top while its pictures pass below.
    rangeExtractor: (range) => {
      const head = headAbove(range.startIndex)
      const lines = defaultRangeExtractor(range)
      return head === undefined || lines.includes(head) ? lines : [head, ...lines]
    },
  })
  useEffect(() => list.measure(), [list, cell])
  return { scroller, list, rows, columns, cell, headAbove }
}

/** Asks for more before the end comes into sight. */
function useMoreNear({ more, isNearEnd }: { more: GridProps['more']; isNearEnd: boolean }) {
  const { has, isLoading, hasFailed, load } = more
  useEffect(() => {
    if (isNearEnd && has && !isLoading && !hasFailed) load()
  }, [isNearEnd, has, isLoading, hasFailed, load])
}

/** The pictures by day; only the lines near the screen exist. */
export function Grid({ items, selected, least, more, onColumns }: GridProps) {
  const { t } = useTranslation('gallery')
  const [sizeRef, width] = useWidth()
  const { scroller, list, rows, columns, cell, headAbove } = useLines({ items, width, least, hasMore: more.has })
  useEffect(() => onColumns(columns), [onColumns, columns])
  useScrollToSelected({ list, rows, selected })

  const lines = list.getVirtualItems()
  useMoreNear({ more, isNearEnd: (lines.at(-1)?.index ?? 0) >= rows.length - 4 })
  const stuck = headAbove(list.range?.startIndex ?? 0)
  return (
    <div ref={scroller} className={c.scroll} tabIndex={-1}>
      <div
        ref={sizeRef}
        role="list"
        aria-label={t('grid.label')}
        style={{ height: list.getTotalSize(), position: 'relative' }}
      >
        {width > 0 &&
          lines.map(({ index, start }) => {
            const row = rows[index]
            if (!row) return null
            const place =
              index === stuck
                ? ({ position: 'sticky', top: 0, zIndex: 2 } as const)
                : ({ position: 'absolute', top: start } as const)
            return (
              <div
                key={row.key}
                className={c.line}
                style={place}
                role={row.type === 'day' ? 'listitem' : 'presentation'}
              >
                {row.type === 'day' ? (
                  <DayHead row={row} />
                ) : (
                  <Cells items={row.items} {...{ columns, cell, selected }} />
                )}
              </div>
            )
          })}
      </div>
      <More more={more} />
    </div>
  )
}

/** The inner width of the element that takes the ref, in px; 0 before the first layout. */
function useWidth() {
  const [width, setWidth] = useState(0)
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, width] as const
}

interface ScrollToSelected {
  list: { scrollToIndex: (index: number, options: { align: 'auto' }) => void }
  rows: GalleryRow[]
  selected: string | undefined
}

/** Keeps the chosen picture in sight as the arrow keys move on; what is loaded meanwhile moves nothing. */
function useScrollToSelected({ list, rows, selected }: ScrollToSelected) {
  const done = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (selected === done.current) return
    const index = rows.findIndex((row) => row.type === 'pictures' && row.items.some(({ id }) => id === selected))
    if (selected !== undefined && index === -1) return
    done.current = selected
    if (index !== -1) list.scrollToIndex(index, { align: 'auto' })
  }, [list, rows, selected])
}

/** What is said while more is fetched, or could not be. */
function More({ more: { isLoading, hasFailed, load } }: Pick<GridProps, 'more'>) {
  const { t } = useTranslation('gallery')
  if (!isLoading && !hasFailed) return null
  return (
    <div className={c.more} role="status">
      {isLoading ? (
        <>
          <Loader size={16} color="gray" /> {t('grid.loadingMore')}
        </>
      ) : (
        <>
          {t('grid.moreFailed')}
          <Button variant="default" onClick={load}>
            {t('grid.retry')}
          </Button>
        </>
      )}
    </div>
  )
}

interface CellsProps {
  items: Generation[]
  columns: number
  /** Width of each, in px. */
  cell: number
  selected: string | undefined
}

function Cells({ items, columns, cell, selected }: CellsProps) {
  return (
    <div className={c.grid} style={{ gridTemplateColumns: `repeat(${columns}, ${cell}px)` }} role="presentation">
      {items.map((generation) => (
        <Cell key={generation.id} generation={generation} isCurrent={generation.id === selected} />
      ))}
    </div>
  )
}

function DayHead({ row }: { row: Extract<GalleryRow, { type: 'day' }> }) {
  const { t } = useTranslation('gallery')
  const word = dayWord(row.at, useNow(60_000))
  const date = new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'full' }).format(row.at)
  return (
    <h2 className={c.day} title={date}>
      {word === 'earlier' ? date : t(`day.${word}`)}
      <span>
        {formatInteger(row.count)}
        {row.complete ? '' : '+'}
      </span>
    </h2>
  )
}

function Cell({ generation, isCurrent }: { generation: Generation; isCurrent: boolean }) {
  const { t } = useTranslation('gallery')
  const { id, state, images, params, simulated, progress } = generation
  const [first] = images
  return (
    <div role="listitem" className={c.item}>
      <a
        href={hrefOf('gallery', id)}
        className={c.cell}
        title={params.prompt}
        aria-current={isCurrent ? 'true' : undefined}
      >
        {first ? (
          <Picture src={thumbnailUrl(first.id)} alt={params.prompt} simulated={simulated} />
        ) : (
          <span className={c.noPicture}>
            <StatusLabel
              of={state}
              {...(state === 'running' && progress.step !== null && progress.steps !== null
                ? { detail: t('grid.step', { step: progress.step, steps: progress.steps }) }
                : {})}
            />
          </span>
        )}
        {images.length > 1 && <span className={c.count}>{t('grid.images', { count: images.length })}</span>}
        <span className={c.caption} aria-hidden={first ? true : undefined}>
          <span className="ellipsis">{params.prompt}</span>
        </span>
      </a>
    </div>
  )
}
