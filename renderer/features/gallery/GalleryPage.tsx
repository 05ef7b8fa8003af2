import { ActionIcon, Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { IconChecks, IconPhoto, IconPhotoSearch, IconSparkles, IconTrash } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GalleryOrder, Generation } from '../../../shared/contract'
import { client } from '../../api/client'
import { api } from '../../api/query'
import { currentLanguage } from '../../i18n'
import { formatInteger } from '../../i18n/format'
import { Page } from '../../ui/Page'
import { Empty, Loading } from '../../ui/States'
import { binHref, hrefOf } from '../../ui/route'
import { useNow } from '../../ui/useNow'
import { GalleryBar } from './BulkBar'
import { Detail } from './Detail'
import { Filters, TotalsLine } from './Filters'
import c from './Gallery.module.css'
import { Grid, moreOf } from './Grid'
import { askedOf, isFiltering, itemsOf, noFilter, pageInput, type GalleryFilter } from './pages'
import { byDay, dayWord } from './rows'
import { selected, without } from './selection'
import { readThumbSize, thumbWidths, type ThumbSize } from './thumb-size'
import { useGalleryKeys } from './useGalleryKeys'
import { useOwnOf } from './useMayDelete'
import { useSelection } from './useSelection'
import { Loaded } from '../../api/Loaded'

/** The pages of the list that were fetched so far. */
function useGenerations(filter: GalleryFilter, order: GalleryOrder) {
  // The last days are those of now, but for no other query each minute.
  const [openedAt] = useState(() => Date.now())
  const asked = askedOf(filter, openedAt)
  const list = useInfiniteQuery(
    api.generations.list.infiniteOptions({
      input: (cursor: string | undefined) => pageInput(asked, order, cursor),
      initialPageParam: undefined,
      getNextPageParam: (last) => last.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  )
  const totals = useQuery(api.gallery.totals.queryOptions({ input: asked, placeholderData: keepPreviousData })).data
  const items = useMemo(() => itemsOf(list.data), [list.data])
  const isEmpty = list.data !== undefined && items.length === 0 && !list.isPlaceholderData
  return { asked, list, items, isEmpty, totals: totals ?? null }
}

function NothingYet() {
  const { t } = useTranslation('gallery')
  return (
    <Empty
      icon={IconPhoto}
      title={t('empty.title')}
      action={
        <Button component="a" href={hrefOf('studio')}>
          {t('empty.action')}
        </Button>
      }
    >
      {t('empty.text')}
    </Empty>
  )
}

function NoResults({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation('gallery')
  return (
    <Empty
      icon={IconPhotoSearch}
      title={t('noResults.title')}
      action={
        <Button variant="default" onClick={onClear}>
          {t('filter.clear')}
        </Button>
      }
    >
      {t('noResults.text')}
    </Empty>
  )
}

/** The head of a day. */
function useDayHead() {
  const { t } = useTranslation('gallery')
  const now = useNow(60_000)
  return ({ createdAt }: Generation) => {
    const word = dayWord(createdAt, now)
    const date = new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'full' }).format(createdAt)
    return { text: word === 'earlier' ? date : t(`day.${word}`), title: date }
  }
}

function BinButton({ count }: { count: number }) {
  const { t } = useTranslation('gallery')
  return (
    <Button
      component="a"
      href={binHref}
      variant="default"
      leftSection={<IconTrash size={16} stroke={1.6} />}
      rightSection={count > 0 ? <span className="num dim">{formatInteger(count)}</span> : undefined}
    >
      {t('bin.title')}
    </Button>
  )
}

function NewButton() {
  const { t } = useTranslation('gallery')
  return (
    <Button component="a" href={hrefOf('studio')} leftSection={<IconSparkles size={16} />}>
      {t('new')}
    </Button>
  )
}

/** What stands in the header of a narrow gallery. */
function NarrowTools({ onSelect }: { onSelect: () => void }) {
  const { t } = useTranslation('gallery')
  return (
    <>
      <ActionIcon component="a" href={binHref} variant="subtle" color="gray" size={40} aria-label={t('bin.title')}>
        <IconTrash size={20} stroke={1.6} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" size={40} aria-label={t('bulk.start')} onClick={onSelect}>
        <IconChecks size={20} stroke={1.6} />
      </ActionIcon>
    </>
  )
}

/** Everything that was generated. */
export default function GalleryPage({ id }: { id: string | undefined }) {
  const { t } = useTranslation('gallery')
  const [filter, setFilter] = useState<GalleryFilter>(noFilter)
  const [order, setOrder] = useState<GalleryOrder>('newest')
  const [search] = useDebouncedValue(filter.search, 250)
  const shown = { ...filter, search }
  const found = useGenerations(shown, order)
  const { list, items, isEmpty, totals } = found
  const ids = useMemo(() => items.map((item) => item.id), [items])
  const choosing = useSelection(ids)
  const isFiltered = isFiltering(filter) || isFiltering(shown) || filter.show === 'ended'
  const isBare = isEmpty && !isFiltered && id === undefined && (totals === null || totals.ended === 0)
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <BinButton count={totals?.bin.generations ?? 0} />
          {!isBare && <NewButton />}
        </>
      }
      narrow={{ header: <NarrowTools onSelect={() => items[0] && choosing.choose(items[0].id, 'one')} /> }}
    >
      <Loaded query={list} loading={<Loading rows={6} height={32} />}>
        {() =>
          isBare ? (
            <NothingYet />
          ) : (
            <Split id={id} found={found} choosing={choosing} {...{ filter, setFilter, order, setOrder }} />
          )
        }
      </Loaded>
    </Page>
  )
}

interface SplitProps {
  id: string | undefined
  found: ReturnType<typeof useGenerations>
  choosing: ReturnType<typeof useSelection>
  filter: GalleryFilter
  setFilter: (filter: GalleryFilter) => void
  order: GalleryOrder
  setOrder: (order: GalleryOrder) => void
}

/** The pictures, and beside them the one that is open. */
function Split({ id, found, choosing, filter, setFilter, order, setOrder }: SplitProps) {
  const { t } = useTranslation('gallery')
  const { list, items, isEmpty, totals } = found
  const { selection, setSelection, choose } = choosing
  const [size, setSize] = useState<ThumbSize>(readThumbSize)
  const [columns, setColumns] = useState(1)
  const chosen = useMemo(() => items.filter((item) => selection.ids.has(item.id)), [items, selection])
  const own = useOwnOf([...selection.ids], chosen, found.asked)
  useGalleryKeys({ items, id, columns, selection, own, setSelection })
  const dayHead = useDayHead()
  return (
    <div className={c.split} data-detail={id !== undefined || undefined}>
      <div className={c.main}>
        <Filters filter={filter} onFilter={setFilter} size={size} onSize={setSize} />
        <TotalsLine {...{ filter, totals, order }} onFilter={setFilter} onOrder={setOrder} />
        {isEmpty ? (
          <NoResults onClear={() => setFilter(noFilter)} />
        ) : (
          <Grid
            items={items}
            selected={id}
            least={thumbWidths[size]}
            group={order === 'newest' || order === 'oldest' ? byDay : null}
            headOf={dayHead}
            label={t(`grid.label.${order}`)}
            chosen={selection.ids}
            onChoose={choose}
            more={moreOf(list)}
            onColumns={setColumns}
          />
        )}
        <Chosen {...{ found, choosing, chosen, own }} isEnded={filter.show === 'ended'} />
      </div>
      {id !== undefined && <Detail key={id} id={id} items={items} onTag={(tag) => setFilter({ ...noFilter, tag })} />}
    </div>
  )
}

interface ChosenProps extends Pick<SplitProps, 'found' | 'choosing'> {
  /** What is loaded of it. */
  chosen: readonly Generation[]
  /** What of it may be tagged and deleted. */
  own: readonly string[]
  isEnded: boolean
}

/** What is done with what is chosen. */
function Chosen({ found, choosing, chosen, own, isEnded }: ChosenProps) {
  const { asked, totals } = found
  const { selection, setSelection, clear } = choosing
  const all = useMutation({
    mutationFn: () => client.gallery.ids(asked),
    onSuccess: (answer) => setSelection(selected(answer.ids)),
  })
  if (selection.ids.size === 0) return null
  return (
    <GalleryBar
      ids={[...selection.ids]}
      own={own}
      chosen={chosen}
      all={
        totals && {
          count: isEnded ? totals.ended : totals.matching.generations,
          choose: () => all.mutate(),
          isPending: all.isPending,
        }
      }
      onClear={clear}
      onGone={(gone) => setSelection(without(selection, gone))}
    />
  )
}
