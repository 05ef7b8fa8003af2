import { Button, Select, TextInput } from '@mantine/core'
import { IconSearch, IconSearchOff } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LibraryFile, LibraryOverview, MissingModel } from '../../../shared/contract'
import { ErrorState } from '../../api/Loaded'
import { useNarrow } from '../../ui/narrow'
import { Panel } from '../../ui/Panel'
import { Empty, Loading } from '../../ui/States'
import { FamilyRow, FileRow } from './FileRow'
import { MissingRow } from './MissingRow'
import c from './Models.module.css'
import {
  isLooking,
  servicesOf,
  shows,
  sorts,
  useLines,
  type Line,
  type Looking,
  type Show,
  type Sort,
} from './useLibrary'

/** In px. */
const heights = {
  wide: { family: 41, file: 34, missing: 38, more: 34 },
  narrow: { family: 49, file: 68, missing: 84, more: 40 },
} as const

const keyOf = (line: Line | undefined, at: number) => {
  if (line?.type === 'file') return line.file.id
  if (line?.type === 'missing') return `missing ${line.missing.name}`
  return line?.type === 'family' ? `family ${line.family.id ?? ''}` : `more ${at}`
}

interface ToolsProps {
  looking: Looking
  onLook: (change: Partial<Looking>) => void
  search: string
  onSearch: (search: string) => void
}

/** What is looked for, and in which order. */
function Tools({ looking, onLook, search, onSearch }: ToolsProps) {
  const { t } = useTranslation('library')
  return (
    <div className={c.tools}>
      <TextInput
        className={c.find}
        placeholder={t('find')}
        aria-label={t('find')}
        leftSection={<IconSearch size={15} stroke={1.6} />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onSearch('')}
        data-page-find
      />
      <Select
        className={c.choose}
        aria-label={t('show.label')}
        data={shows.map((value) => ({ value, label: t(`show.${value}`) }))}
        value={looking.show}
        onChange={(value) => onLook({ show: shows.find((one) => one === value) ?? 'all' })}
        allowDeselect={false}
      />
      <Select
        className={c.choose}
        aria-label={t('sort.label')}
        data={sorts.map((value) => ({ value, label: t(`sort.${value}`) }))}
        value={looking.sort}
        onChange={(value) => onLook({ sort: sorts.find((one) => one === value) ?? 'name' })}
        allowDeselect={false}
      />
    </div>
  )
}

function Head() {
  const { t } = useTranslation('library')
  return (
    <div role="rowgroup">
      <div role="row" className={c.head}>
        <span role="columnheader">{t('column.name')}</span>
        <span role="columnheader">{t('column.folder')}</span>
        <span role="columnheader" className={c.size}>
          {t('column.size')}
        </span>
        <span role="columnheader">{t('column.services')}</span>
        <span role="columnheader">{t('column.used')}</span>
      </div>
    </div>
  )
}

interface RowsProps {
  lines: readonly Line[]
  services: number
  onMore: () => void
  onToggle: (family: string) => void
  onOpen: (file: LibraryFile) => void
  onDownload: (missing: MissingModel) => void
}

/** The lines that are in sight. */
function Rows({ lines, services, onMore, onToggle, onOpen, onDownload }: RowsProps) {
  const { t } = useTranslation('library')
  const scroller = useRef<HTMLDivElement>(null)
  const height = heights[useNarrow() ? 'narrow' : 'wide']
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => height[lines[index]?.type ?? 'file'],
    getItemKey: (index) => keyOf(lines[index], index),
    overscan: 10,
  })
  useEffect(() => rows.measure(), [rows, height, lines])
  const items = rows.getVirtualItems()
  const last = lines[items.at(-1)?.index ?? 0]
  const more = useEffectEvent(onMore)
  useEffect(() => {
    if (last?.type === 'more') more()
  }, [last])
  return (
    <div className={c.rows} ref={scroller} role="rowgroup" tabIndex={-1}>
      <div className={c.all} role="presentation" style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, start, size, key }) => {
          const line = lines[index]
          if (!line) return null
          const place = { transform: `translateY(${start}px)`, height: size }
          return (
            <div key={key} role="row" aria-rowindex={index + 2} className={c.row} data-is={line.type} style={place}>
              {line.type === 'more' && <span role="cell">{t('more')}</span>}
              {line.type === 'file' && (
                <FileRow file={line.file} services={services} onOpen={() => onOpen(line.file)} />
              )}
              {line.type === 'missing' && (
                <MissingRow missing={line.missing} onDownload={() => onDownload(line.missing)} />
              )}
              {line.type === 'family' && (
                <FamilyRow line={line} services={services} onToggle={() => onToggle(line.family.id ?? '')} />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface FilesPanelProps {
  overview: LibraryOverview
  show: Show
  onShow: (show: Show) => void
  onOpen: (file: LibraryFile) => void
  onDownload: (missing: MissingModel) => void
}

function useLooking(show: Show, onShow: (show: Show) => void) {
  const [search, setSearch] = useState('')
  const [sort, setSort] = useState<Sort>('name')
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const looking: Looking = { search: useDeferredValue(search), show, sort, open }
  const onLook = (change: Partial<Looking>) => {
    if (change.show !== undefined) onShow(change.show)
    if (change.sort !== undefined) setSort(change.sort)
  }
  const onToggle = (family: string) => {
    const next = new Set(open)
    if (!next.delete(family)) next.add(family)
    setOpen(next)
  }
  return { looking, search, setSearch, onLook, onToggle }
}

/** Every file, below its family. */
export function FilesPanel({ overview, show, onShow, onOpen, onDownload }: FilesPanelProps) {
  const { t } = useTranslation('library')
  const { looking, search, setSearch, onLook, onToggle } = useLooking(show, onShow)
  const { lines, query, total } = useLines(overview, looking)
  const services = servicesOf(overview)
  const isFound = isLooking(looking)
  const clear = () => {
    setSearch('')
    onShow('all')
  }
  return (
    <Panel
      flush
      fill
      title={t('families')}
      note={isFound && query.data ? t('found', { count: total }) : undefined}
      className={c.files}
    >
      <Tools looking={looking} onLook={onLook} search={search} onSearch={setSearch} />
      {query.error && query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : lines.length === 0 && query.isLoading ? (
        <Loading rows={6} />
      ) : lines.length === 0 ? (
        <Empty
          icon={IconSearchOff}
          title={t('nothing.title')}
          action={
            <Button variant="light" onClick={clear}>
              {t('nothing.clear')}
            </Button>
          }
        >
          {t('nothing.text')}
        </Empty>
      ) : (
        <div role="table" aria-label={t('families')} aria-rowcount={lines.length + 1} className={c.table}>
          <Head />
          <Rows
            {...{ lines, onToggle, onOpen, onDownload, services: services.length }}
            onMore={() => void (query.hasNextPage && !query.isFetchingNextPage && query.fetchNextPage())}
          />
        </div>
      )}
    </Panel>
  )
}
