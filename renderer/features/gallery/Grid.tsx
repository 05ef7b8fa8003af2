import { Button, Loader } from '@mantine/core'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { formatInteger } from '../../i18n/format'
import { useNarrow } from '../../ui/narrow'
import { Cell, type Choose } from './Cell'
import c from './Gallery.module.css'
import { columnsFor, toRows, type GalleryRow } from './rows'

const headHeight = 44
/** In px; when narrow the pictures reach the edges, and their words are behind a tap. */
const measures = {
  wide: { gap: 12, caption: 24, end: 24, least: null },
  narrow: { gap: 3, caption: 0, end: 3, least: 100 },
} as const

type Measures = (typeof measures)['wide' | 'narrow']

interface GridProps {
  items: Generation[]
  selected: string | undefined
  /** Least width of a thumbnail, in px. */
  least: number
  /** Which group one stands in; null: no groups. */
  group: ((item: Generation) => string) | null
  /** What stands above a group. */
  headOf: (first: Generation) => { text: string; title?: string }
  chosen: ReadonlySet<string>
  onChoose: Choose
  /** What stands on a picture in the place of the number of its images. */
  noteOf?: (item: Generation) => string
  hrefFor?: (item: Generation) => string
  /** A click chooses, also the first one. */
  isChoosing?: boolean
  label: string
  more: { has: boolean; isLoading: boolean; hasFailed: boolean; load: () => void }
  /** Told how many stand side by side. */
  onColumns: (columns: number) => void
}

interface Paged {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isFetchNextPageError: boolean
  fetchNextPage: () => Promise<unknown>
}

/** What a grid needs to know of the pages of a list. */
export const moreOf = (list: Paged): GridProps['more'] => ({
  has: list.hasNextPage,
  isLoading: list.isFetchingNextPage,
  hasFailed: list.isFetchNextPageError,
  load: () => void list.fetchNextPage(),
})

interface LinesOptions {
  items: Generation[]
  /** Of all that stand side by side, in px. */
  width: number
  least: number
  hasMore: boolean
  group: GridProps['group']
  measure: Measures
}

/** The lines of the grid, heads of groups and rows of pictures, and which of them are near the screen. */
function useLines({ items, width, least, hasMore, group, measure }: LinesOptions) {
  const { gap, caption, end } = measure
  const scroller = useRef<HTMLDivElement>(null)
  const columns = columnsFor(width, least, gap)
  const cell = Math.max(1, (width - gap * (columns - 1)) / columns)
  const rows = useMemo(() => toRows(items, columns, { hasMore, group }), [items, columns, hasMore, group])
  const heads = useMemo(() => rows.flatMap((row, index) => (row.type === 'head' ? [index] : [])), [rows])
  const headAbove = (index: number) => heads.findLast((head) => head <= index)

  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.type === 'head' ? headHeight : cell + caption + gap),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 3,
    paddingEnd: end,
    // The head of a group stays on top while its pictures pass below.
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

/** The pictures in groups; only the lines near the screen exist. */
export function Grid(props: GridProps) {
  const { items, selected, more, onColumns, group } = props
  const measure = measures[useNarrow() ? 'narrow' : 'wide']
  const least = measure.least ?? props.least
  const [sizeRef, width] = useWidth()
  const lines = useLines({ items, width, least, hasMore: more.has, group, measure })
  const { scroller, list, rows, columns, cell, headAbove } = lines
  useEffect(() => onColumns(columns), [onColumns, columns])
  useScrollToSelected({ list, rows, selected })

  const near = list.getVirtualItems()
  useMoreNear({ more, isNearEnd: (near.at(-1)?.index ?? 0) >= rows.length - 4 })
  const stuck = headAbove(list.range?.startIndex ?? 0)
  return (
    <div ref={scroller} className={c.scroll} tabIndex={-1}>
      <div
        ref={sizeRef}
        role="list"
        aria-label={props.label}
        style={{ height: list.getTotalSize(), position: 'relative' }}
      >
        {width > 0 &&
          near.map(({ index, start }) => {
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
                role={row.type === 'head' ? 'listitem' : 'presentation'}
              >
                {row.type === 'head' ? (
                  <Head row={row} {...props.headOf(row.first)} />
                ) : (
                  <Cells grid={props} items={row.items} {...{ columns, cell, gap: measure.gap }} />
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
  grid: Pick<GridProps, 'selected' | 'chosen' | 'onChoose' | 'noteOf' | 'hrefFor' | 'isChoosing'>
  items: Generation[]
  columns: number
  /** Width of each, and what is between them, in px. */
  cell: number
  gap: number
}

function Cells({ grid, items, columns, cell, gap }: CellsProps) {
  const { selected, chosen, onChoose, noteOf, hrefFor, isChoosing = false } = grid
  return (
    <div
      className={c.grid}
      style={{ gridTemplateColumns: `repeat(${columns}, ${cell}px)`, columnGap: gap }}
      role="presentation"
    >
      {items.map((generation) => (
        <Cell
          key={generation.id}
          generation={generation}
          isCurrent={generation.id === selected}
          isChosen={chosen.has(generation.id)}
          isChoosing={isChoosing || chosen.size > 0}
          onChoose={onChoose}
          note={noteOf?.(generation)}
          {...(hrefFor && { href: hrefFor(generation) })}
        />
      ))}
    </div>
  )
}

interface HeadProps {
  row: Extract<GalleryRow, { type: 'head' }>
  text: string
  title?: string
}

function Head({ row, text, title }: HeadProps) {
  return (
    <h2 className={c.day} title={title}>
      {text}
      <span>
        {formatInteger(row.count)}
        {row.complete ? '' : '+'}
      </span>
    </h2>
  )
}
