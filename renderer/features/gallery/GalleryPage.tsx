import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { IconPhoto, IconPhotoSearch, IconSparkles } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/query'
import { Page } from '../../ui/Page'
import { Empty, Loading } from '../../ui/States'
import { hrefOf, navigate } from '../../ui/route'
import { Detail } from './Detail'
import { Filters } from './Filters'
import c from './Gallery.module.css'
import { Grid } from './Grid'
import { isFiltering, itemsOf, neighbour, noFilter, pageInput, type GalleryFilter } from './pages'
import { useMayDelete } from './useMayDelete'
import { useRemoval } from './useRemoval'
import { readThumbSize, thumbWidths, type ThumbSize } from './thumb-size'
import { Loaded } from '../../api/Loaded'

/** The pages of the list that were fetched so far. */
function useGenerations(filter: GalleryFilter) {
  const list = useInfiniteQuery(
    api.generations.list.infiniteOptions({
      input: (cursor: string | undefined) => pageInput(filter, cursor),
      initialPageParam: undefined,
      getNextPageParam: (last) => last.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  )
  const items = useMemo(() => itemsOf(list.data), [list.data])
  const isEmpty = list.data !== undefined && items.length === 0 && !list.isPlaceholderData
  return { list, items, isEmpty }
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

/** Everything that was generated, newest first. */
export default function GalleryPage({ id }: { id: string | undefined }) {
  const { t } = useTranslation('gallery')
  const [filter, setFilter] = useState<GalleryFilter>(noFilter)
  const [search] = useDebouncedValue(filter.search, 250)
  const asked = { ...filter, search }
  const { list, items, isEmpty } = useGenerations(asked)
  const [size, setSize] = useState<ThumbSize>(readThumbSize)
  const [columns, setColumns] = useState(1)
  useArrowKeys({ items, id, columns })
  const lead = list.hasNextPage ? t('lead.more', { count: items.length }) : t('lead.shown', { count: items.length })
  return (
    <Page
      title={t('title')}
      lead={items.length > 0 ? lead : undefined}
      actions={
        (!isEmpty || isFiltering(asked)) && (
          <Button component="a" href={hrefOf('studio')} leftSection={<IconSparkles size={16} />}>
            {t('new')}
          </Button>
        )
      }
    >
      <Loaded query={list} loading={<Loading rows={6} height={32} />}>
        {() =>
          isEmpty && !isFiltering(asked) && !isFiltering(filter) && id === undefined ? (
            <NothingYet />
          ) : (
            <div className={c.split} data-detail={id !== undefined || undefined}>
              <div className={c.main}>
                <Filters filter={filter} onFilter={setFilter} size={size} onSize={setSize} />
                {isEmpty ? (
                  <NoResults onClear={() => setFilter(noFilter)} />
                ) : (
                  <Grid
                    items={items}
                    selected={id}
                    least={thumbWidths[size]}
                    more={{
                      has: list.hasNextPage,
                      isLoading: list.isFetchingNextPage,
                      hasFailed: list.isFetchNextPageError,
                      load: () => void list.fetchNextPage(),
                    }}
                    onColumns={setColumns}
                  />
                )}
              </div>
              {id !== undefined && <Detail key={id} id={id} items={items} />}
            </div>
          )
        }
      </Loaded>
    </Page>
  )
}

const isElsewhere = (target: EventTarget | null) =>
  document.querySelector('[role="dialog"]') !== null ||
  (target instanceof HTMLElement && target.closest('input, textarea, [role="listbox"], [role="radiogroup"]') !== null)

/** Arrow keys go through the pictures while one is open, Escape closes it, Delete takes it out. */
function useArrowKeys({
  items,
  id,
  columns,
}: {
  items: ReturnType<typeof itemsOf>
  id: string | undefined
  columns: number
}) {
  const remove = useRemoval()
  const mayDelete = useMayDelete()
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (id === undefined || isElsewhere(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }
    const by = steps[event.key]
    if (by !== undefined) {
      const next = neighbour(items, id, by)
      event.preventDefault()
      if (next) navigate('gallery', next.id)
    } else if (event.key === 'Escape') navigate('gallery')
    else if (event.key === 'Delete') {
      const generation = items.find((one) => one.id === id)
      if (generation && mayDelete(generation)) remove(generation, items)
    }
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    // Captured, so that it sees a dialog that this very Escape closes.
    addEventListener('keydown', listen, { capture: true })
    return () => removeEventListener('keydown', listen, { capture: true })
  }, [])
}
