import { ActionIcon, Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import {
  IconArrowsExchange,
  IconDownload,
  IconRestore,
  IconStar,
  IconStarOff,
  IconTag,
  IconTrash,
  IconTrashX,
  IconX,
} from '@tabler/icons-react'
import { Suspense, useState, type ReactNode } from 'react'
import { lazyPart } from '../../ui/parts'
import { useTranslation } from 'react-i18next'
import type { Archive, Generation } from '../../../shared/contract'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { compareHref } from '../../ui/route'
import { Tooltip } from '../../ui/Tooltip'
import { formatSize } from '../../i18n/format'
import c from './BulkBar.module.css'
import { largeArchive, orderArchive, saveArchive, useChanges } from './useChanges'

const TagsDialog = lazyPart(() => import('./TagsDialog'))

interface BarProps {
  /** How many are chosen. */
  count: number
  /** What is known of them: of those that are loaded. */
  chosen: readonly Generation[]
  /** How many all are that could be chosen, and how to choose them; null: no more than these. */
  all: { count: number; choose: () => void; isPending: boolean } | null
  onClear: () => void
  children: ReactNode
}

/** What is done with all that is chosen, at the foot of the page. */
function Bar({ count, chosen, all, onClear, children }: BarProps) {
  const { t } = useTranslation('gallery')
  const images = chosen.flatMap((one) => one.images)
  const bytes = images.reduce((sum, image) => sum + image.bytes, 0)
  return (
    <div className={c.bar} role="toolbar" aria-label={t('bulk.label')}>
      <b>{t('bulk.selected', { count })}</b>
      {chosen.length === count && (
        <span className={c.what}>{t('bulk.images', { count: images.length, size: formatSize(bytes) })}</span>
      )}
      {all && all.count > count && (
        <Button variant="subtle" className={c.all} loading={all.isPending} onClick={all.choose}>
          {t('bulk.selectAll', { count: all.count })}
        </Button>
      )}
      <i className={c.rule} />
      {children}
      <i className={c.rule} />
      <Tooltip label={t('bulk.clear')}>
        <ActionIcon variant="subtle" color="gray" aria-label={t('bulk.clear')} onClick={onClear}>
          <IconX size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}

interface ToolProps {
  icon: ReactNode
  label: string
  onClick: () => void
  isDangerous?: boolean
  isPending?: boolean
}

const Tool = ({ icon, label, onClick, isDangerous = false, isPending = false }: ToolProps) => (
  <Button
    variant="subtle"
    color="gray"
    className={isDangerous ? c.danger : c.tool}
    leftSection={icon}
    loading={isPending}
    onClick={onClick}
  >
    {label}
  </Button>
)

const look = { size: 16, stroke: 1.6 }

interface GalleryBarProps extends Omit<BarProps, 'children' | 'count'> {
  ids: readonly string[]
  /** Those of them that may be tagged and deleted: a user's own. */
  own: readonly string[]
  /** Told what was taken away. */
  onGone: (ids: readonly string[]) => void
}

/** Of the gallery: mark, tag, compare, download, delete. */
export function GalleryBar({ ids, own, onGone, ...bar }: GalleryBarProps) {
  const { t } = useTranslation('gallery')
  const { mark, bin } = useChanges()
  const [isTagging, setTagging] = useState(false)
  const isOwn = new Set(own)
  const areMarked = bar.chosen.length > 0 && bar.chosen.every(({ favourite }) => favourite)
  const [first, second] = ids
  return (
    <Bar count={ids.length} {...bar}>
      <Tool
        icon={areMarked ? <IconStarOff {...look} /> : <IconStar {...look} />}
        label={t(areMarked ? 'bulk.unmark' : 'bulk.mark')}
        onClick={() => mark(ids, !areMarked)}
      />
      {own.length > 0 && <Tool icon={<IconTag {...look} />} label={t('bulk.tag')} onClick={() => setTagging(true)} />}
      <Tooltip label={t('bulk.compareTwo')} disabled={ids.length === 2}>
        <Button
          variant="subtle"
          color="gray"
          className={c.tool}
          leftSection={<IconArrowsExchange {...look} />}
          aria-disabled={ids.length !== 2}
          onClick={() => {
            if (ids.length === 2 && first !== undefined && second !== undefined)
              location.hash = compareHref(first, second)
          }}
        >
          {t('bulk.compare')}
        </Button>
      </Tooltip>
      <Download ids={ids} />
      {own.length > 0 && (
        <Tool
          icon={<IconTrash {...look} />}
          label={own.length < ids.length ? t('bulk.binOwn', { count: own.length }) : t('bulk.bin')}
          isDangerous
          onClick={() => {
            bin(own)
            onGone(own)
          }}
        />
      )}
      <Suspense>
        {isTagging && (
          <TagsDialog
            ids={own}
            chosen={bar.chosen.filter(({ id }) => isOwn.has(id))}
            onClose={() => setTagging(false)}
          />
        )}
      </Suspense>
    </Bar>
  )
}

/** One ZIP of all; a large one says its size first. */
function Download({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation('gallery')
  const [large, setLarge] = useState<Archive | null>(null)
  const order = useMutation({
    mutationFn: () => orderArchive(ids),
    onSuccess: (archive) => {
      if (archive.bytes > largeArchive) setLarge(archive)
      else saveArchive(archive)
    },
  })
  return (
    <>
      <Tool
        icon={<IconDownload {...look} />}
        label={t('bulk.download')}
        isPending={order.isPending}
        onClick={() => order.mutate()}
      />
      <ConfirmDialog
        opened={large !== null}
        onClose={() => setLarge(null)}
        title={t('bulk.largeTitle')}
        confirm={t('bulk.download')}
        onConfirm={() => {
          if (large) saveArchive(large)
          setLarge(null)
        }}
      >
        {large && <p>{t('bulk.large', { count: large.images, size: formatSize(large.bytes) })}</p>}
      </ConfirmDialog>
    </>
  )
}

interface BinBarProps extends Omit<BarProps, 'children' | 'count'> {
  ids: readonly string[]
  onGone: (ids: readonly string[]) => void
  onPurge: () => void
}

/** Of the bin: back, or gone for good. */
export function BinBar({ ids, onGone, onPurge, ...bar }: BinBarProps) {
  const { t } = useTranslation('gallery')
  const { restore } = useChanges()
  return (
    <Bar count={ids.length} {...bar}>
      <Tool
        icon={<IconRestore {...look} />}
        label={t('bin.restore')}
        onClick={() => {
          restore(ids)
          onGone(ids)
        }}
      />
      <Tool icon={<IconTrashX {...look} />} label={t('bin.purge')} isDangerous onClick={onPurge} />
    </Bar>
  )
}
