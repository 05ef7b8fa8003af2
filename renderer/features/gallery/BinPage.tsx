import { Button } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { IconRestore, IconTrash, IconTrashX } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { binDays, type Generation } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'
import { Loaded } from '../../api/Loaded'
import { formatInteger, formatSize } from '../../i18n/format'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { Page } from '../../ui/Page'
import { Empty, Loading } from '../../ui/States'
import { binHref, hrefOf } from '../../ui/route'
import { showDone } from '../../ui/toast'
import { useNow } from '../../ui/useNow'
import { BinBar } from './BulkBar'
import c from './Gallery.module.css'
import { Grid, moreOf } from './Grid'
import { daysLeft } from './rows'
import { without } from './selection'
import { thumbWidths } from './thumb-size'
import { useSelection } from './useSelection'

/** What goes within so many days stands apart. */
const soonDays = 7

const nothing: never[] = []

function useBin() {
  const list = useInfiniteQuery(
    api.gallery.bin.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: 100, ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: (last) => last.nextCursor ?? undefined,
    }),
  )
  const totals = useQuery(api.gallery.totals.queryOptions({ input: {} })).data?.bin
  const pages = list.data?.pages ?? nothing
  const entries = useMemo(() => pages.flatMap(({ items }) => items), [pages])
  const goesAt = useMemo(() => new Map(entries.map((entry) => [entry.generation.id, entry.goesAt])), [entries])
  const items = useMemo(() => entries.map(({ generation }) => generation), [entries])
  return { list, items, goesAt, totals }
}

const askAgain = () => {
  void queryClient.invalidateQueries({ queryKey: api.generations.list.key() })
  void queryClient.invalidateQueries({ queryKey: api.gallery.key() })
}

/** What is asked before something is deleted for good: null, all of it, or these. */
type Asked = null | 'all' | readonly string[]

function RestoreAll({ count }: { count: number }) {
  const { t } = useTranslation('gallery')
  const restore = useMutation(api.gallery.restore.mutationOptions())
  const onSuccess = (done: { count: number }) => {
    askAgain()
    showDone(t('bulk.restored', { count: done.count }))
  }
  return (
    <Button
      leftSection={<IconRestore size={16} stroke={1.6} />}
      loading={restore.isPending}
      onClick={() => restore.mutate(undefined, { onSuccess })}
    >
      {t('bin.restoreAll', { count, number: formatInteger(count) })}
    </Button>
  )
}

/** What was deleted, for 30 days; what goes next comes first. */
export default function BinPage() {
  const { t } = useTranslation('gallery')
  const bin = useBin()
  const { list, items, totals } = bin
  const [asked, setAsked] = useState<Asked>(null)
  const choosing = useSelection(useMemo(() => items.map(({ id }) => id), [items]))
  const count = totals?.generations ?? items.length
  const isEmpty = list.data !== undefined && items.length === 0
  const words = totals && { count: totals.images, size: formatSize(totals.bytes), days: binDays }
  return (
    <Page
      title={t('bin.title')}
      parent={{ label: t('title'), href: hrefOf('gallery') }}
      lead={words && words.count > 0 && t('bin.lead', words)}
      actions={
        !isEmpty && (
          <>
            <Button
              variant="default"
              leftSection={<IconTrashX size={16} stroke={1.6} />}
              onClick={() => setAsked('all')}
            >
              {t('bin.empty')}
            </Button>
            <RestoreAll count={count} />
          </>
        )
      }
    >
      <Loaded query={list} loading={<Loading rows={6} height={32} />}>
        {() =>
          isEmpty ? (
            <Empty icon={IconTrash} title={t('bin.emptyTitle')}>
              {t('bin.emptyText', { days: binDays })}
            </Empty>
          ) : (
            <Deleted bin={bin} choosing={choosing} onPurge={setAsked} />
          )
        }
      </Loaded>
      <Purge
        asked={asked}
        count={count}
        onClose={(isDone) => {
          setAsked(null)
          if (isDone) choosing.clear()
        }}
      />
    </Page>
  )
}

interface DeletedProps {
  bin: ReturnType<typeof useBin>
  choosing: ReturnType<typeof useSelection>
  onPurge: (ids: readonly string[]) => void
}

function Deleted({ bin: { list, items, goesAt }, choosing, onPurge }: DeletedProps) {
  const { t } = useTranslation('gallery')
  const now = useNow(60_000)
  const { selection, setSelection, clear, choose } = choosing
  const left = ({ id }: Generation) => daysLeft(goesAt.get(id) ?? now, now)
  const ids = [...selection.ids]
  return (
    <div className={c.split}>
      <div className={c.main}>
        <Grid
          items={items}
          selected={undefined}
          least={thumbWidths.medium}
          group={(item) => (left(item) <= soonDays ? 'soon' : 'later')}
          headOf={(first) => ({ text: t(left(first) <= soonDays ? 'bin.soon' : 'bin.later') })}
          label={t('bin.label')}
          chosen={selection.ids}
          onChoose={choose}
          noteOf={(item) => t('bin.left', { count: left(item) })}
          hrefFor={() => binHref}
          isChoosing
          more={moreOf(list)}
          onColumns={() => undefined}
        />
        {ids.length > 0 && (
          <BinBar
            ids={ids}
            chosen={items.filter(({ id }) => selection.ids.has(id))}
            all={null}
            onClear={clear}
            onGone={(gone) => setSelection(without(selection, gone))}
            onPurge={() => onPurge(ids)}
          />
        )}
      </div>
    </div>
  )
}

interface PurgeProps {
  asked: Asked
  /** How many there are in all. */
  count: number
  onClose: (isDone: boolean) => void
}

/** Asks before it deletes for good: the one thing here that cannot be undone. */
function Purge({ asked, count, onClose }: PurgeProps) {
  const { t } = useTranslation('gallery')
  const empty = useMutation(api.gallery.empty.mutationOptions())
  const many = asked === null || asked === 'all' ? count : asked.length
  const words = { count: many, number: formatInteger(many) }
  return (
    <ConfirmDialog
      opened={asked !== null}
      onClose={() => onClose(false)}
      title={t(asked === 'all' ? 'bin.emptyAsk' : 'bin.purgeAsk', words)}
      confirm={t(asked === 'all' ? 'bin.emptyConfirm' : 'bin.purge')}
      dangerous
      busy={empty.isPending}
      onConfirm={() =>
        empty.mutate(asked === null || asked === 'all' ? {} : { ids: [...asked] }, {
          onSuccess: (done) => {
            askAgain()
            showDone(t('bin.purged', { count: done.count }))
            onClose(true)
          },
        })
      }
    >
      <p>{t('bin.purgeText', words)}</p>
    </ConfirmDialog>
  )
}
