import '@mantine/core/styles/Pill.css'
import { ActionIcon, Button, CloseButton, Pill, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconFilter, IconSearch, IconSortDescending, IconStar, IconStarFilled } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { GalleryOrder, type GalleryTotals } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { api } from '../../api/query'
import { usePersonName } from '../../api/usePersonName'
import { formatInteger, formatSize } from '../../i18n/format'
import { useNarrow } from '../../ui/narrow'
import { dayKinds, isDayKind } from './days'
import c from './Filters.module.css'
import { isFiltering, noFilter, type GalleryFilter } from './pages'
import { shortModel } from './short-model'
import { isThumbSize, keepThumbSize, thumbSizes, type ThumbSize } from './thumb-size'

interface FilterProps {
  filter: GalleryFilter
  onFilter: (filter: GalleryFilter) => void
}

interface SizeProps {
  size: ThumbSize
  onSize: (size: ThumbSize) => void
}

function SizeChoice({ size, onSize }: SizeProps) {
  const { t } = useTranslation('gallery')
  return (
    <SegmentedControl
      className={c.sizes}
      aria-label={t('filter.size')}
      data={thumbSizes.map((value) => ({
        value,
        label: (
          <span title={t(`filter.${value}`)} aria-label={t(`filter.${value}`)}>
            {value.charAt(0).toUpperCase()}
          </span>
        ),
      }))}
      value={size}
      onChange={(value) => {
        if (!isThumbSize(value)) return
        keepThumbSize(value)
        onSize(value)
      }}
    />
  )
}

/** Words, and the tag as a token among them. */
function Search({ filter, onFilter }: FilterProps) {
  const { t } = useTranslation('gallery')
  const { tag } = filter
  return (
    <TextInput
      className={c.search}
      aria-label={t('filter.search')}
      placeholder={t('filter.search')}
      leftSection={
        <span className={c.lead}>
          <IconSearch size={15} aria-hidden />
          {tag !== null && (
            <Pill
              size="sm"
              withRemoveButton
              className={c.token}
              onRemove={() => onFilter({ ...filter, tag: null })}
              removeButtonProps={{ 'aria-label': t('filter.removeTag', { tag }), 'aria-hidden': false, tabIndex: 0 }}
            >
              {t('filter.tag', { tag })}
            </Pill>
          )}
        </span>
      }
      leftSectionWidth={tag === null ? 34 : 'auto'}
      {...(tag !== null && {
        styles: { wrapper: { '--input-padding-inline-start': `${Math.min(60 + tag.length * 7, 240)}px` } },
      })}
      value={filter.search}
      onChange={(event) => onFilter({ ...filter, search: event.currentTarget.value })}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onFilter({ ...filter, search: '' })
        if (event.key === 'Backspace' && filter.search === '' && tag !== null) onFilter({ ...filter, tag: null })
      }}
      maxLength={500}
      rightSection={
        filter.search !== '' && (
          <CloseButton
            size="sm"
            aria-label={t('filter.clearSearch')}
            onClick={() => onFilter({ ...filter, search: '' })}
          />
        )
      }
    />
  )
}

function ServiceFilter({ filter, onFilter }: FilterProps) {
  const { t } = useTranslation('gallery')
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  return (
    <Select
      className={c.choice}
      data-on={filter.serviceId !== null || undefined}
      aria-label={t('filter.service')}
      data={[
        { value: '', label: t('filter.allServices') },
        ...services.map((service) => ({ value: service.id, label: serviceName(service) })),
      ]}
      value={filter.serviceId ?? ''}
      onChange={(value) => onFilter({ ...filter, serviceId: value === '' ? null : value })}
    />
  )
}

function ModelFilter({ filter, onFilter }: FilterProps) {
  const { t } = useTranslation('gallery')
  const models = useQuery(api.gallery.models.queryOptions()).data ?? []
  return (
    <Select
      className={c.choice}
      data-on={filter.model !== null || undefined}
      aria-label={t('filter.model')}
      data={[
        { value: '', label: t('filter.anyModel') },
        ...models.map((value) => ({ value, label: shortModel(value) })),
      ]}
      searchable={models.length > 12}
      comboboxProps={{ width: 'max-content', position: 'bottom-end' }}
      value={filter.model ?? ''}
      onChange={(value) => onFilter({ ...filter, model: value === '' ? null : value })}
    />
  )
}

/** Whose; nothing where there are images of one person alone, as far as whoever is here sees. */
function PersonFilter({ filter, onFilter }: FilterProps) {
  const { t } = useTranslation('gallery')
  const people = useQuery(api.gallery.people.queryOptions()).data ?? []
  const nameOf = usePersonName()
  if (people.length < 2 && filter.by === null) return null
  return (
    <Select
      className={c.choice}
      data-on={filter.by !== null || undefined}
      aria-label={t('filter.person')}
      data={[
        { value: '', label: t('filter.everybody') },
        ...people.map(({ account }) => ({ value: account, label: nameOf(account) })),
      ]}
      searchable={people.length > 12}
      comboboxProps={{ width: 'max-content', position: 'bottom-end' }}
      value={filter.by ?? ''}
      onChange={(by) => onFilter({ ...filter, by: by === '' ? null : by })}
    />
  )
}

function DayFilter({ filter, onFilter }: FilterProps) {
  const { t } = useTranslation('gallery')
  const { days } = filter
  return (
    <>
      <Select
        className={c.choice}
        data-on={days.kind !== 'any' || undefined}
        aria-label={t('filter.days')}
        data={dayKinds.map((value) => ({ value, label: t(`days.${value}`) }))}
        value={days.kind}
        onChange={(kind) => {
          if (isDayKind(kind))
            onFilter({ ...filter, days: kind === 'custom' ? { kind, first: '', last: '' } : { kind } })
        }}
      />
      {days.kind === 'custom' &&
        (['first', 'last'] as const).map((end) => (
          <TextInput
            key={end}
            type="date"
            className={c.date}
            aria-label={t(`days.${end}`)}
            title={t(`days.${end}`)}
            value={days[end]}
            onChange={(event) => onFilter({ ...filter, days: { ...days, [end]: event.currentTarget.value } })}
          />
        ))}
    </>
  )
}

function FavouriteFilter({ filter, onFilter }: FilterProps) {
  const { t } = useTranslation('gallery')
  const { favourite } = filter
  return (
    <Button
      variant="default"
      className={c.toggle}
      aria-pressed={favourite}
      leftSection={favourite ? <IconStarFilled size={15} /> : <IconStar size={15} stroke={1.6} />}
      onClick={() => onFilter({ ...filter, favourite: !favourite })}
    >
      {t('filter.favourites')}
    </Button>
  )
}

/** What is listed: by words, service, model, person, days and marks; and how large. When narrow, all but the words is folded. */
export function Filters({ filter, onFilter, size, onSize }: FilterProps & SizeProps) {
  const { t } = useTranslation('gallery')
  const isNarrow = useNarrow()
  const [isOpen, setOpen] = useState(false)
  const parts = { filter, onFilter }
  return (
    <div className={c.filters} role="search">
      <Search {...parts} />
      {isNarrow && (
        <ActionIcon
          variant="default"
          size={40}
          aria-label={t('filter.more')}
          aria-expanded={isOpen}
          data-on={isFiltering({ ...filter, search: '', tag: null }) || undefined}
          className={c.more}
          onClick={() => setOpen(!isOpen)}
        >
          <IconFilter size={18} stroke={1.6} />
        </ActionIcon>
      )}
      {(!isNarrow || isOpen) && (
        <>
          <ServiceFilter {...parts} />
          <ModelFilter {...parts} />
          <PersonFilter {...parts} />
          <DayFilter {...parts} />
          <FavouriteFilter {...parts} />
        </>
      )}
      {!isNarrow && <SizeChoice size={size} onSize={onSize} />}
    </div>
  )
}

interface TotalsLineProps extends FilterProps {
  /** Null until they are known. */
  totals: { matching: GalleryTotals; ended: number; all: GalleryTotals } | null
  order: GalleryOrder
  onOrder: (order: GalleryOrder) => void
}

/** How much the filter finds, what is folded away, and the order. */
export function TotalsLine({ filter, onFilter, totals, order, onOrder }: TotalsLineProps) {
  const { t } = useTranslation('gallery')
  const areFiltered = isFiltering(filter)
  const isEnded = filter.show === 'ended'
  return (
    <div className={c.totals}>
      {totals && !isEnded && (
        <span role="status">
          {areFiltered
            ? t('totals.matching', {
                count: totals.matching.images,
                number: formatInteger(totals.matching.images),
                all: formatInteger(totals.all.images),
              })
            : t('totals.all', { count: totals.all.images, number: formatInteger(totals.all.images) })}
          {', '}
          {formatSize(totals.matching.bytes)}
        </span>
      )}
      {areFiltered && (
        <button type="button" className={c.link} onClick={() => onFilter({ ...noFilter, show: filter.show })}>
          {t('filter.clear')}
        </button>
      )}
      {isEnded ? (
        <button type="button" className={c.link} onClick={() => onFilter({ ...filter, show: 'images' })}>
          {t('ended.back')}
        </button>
      ) : (
        totals !== null &&
        totals.ended > 0 && (
          <button type="button" className={c.link} onClick={() => onFilter({ ...filter, show: 'ended' })}>
            {t('ended.show', { count: totals.ended, number: formatInteger(totals.ended) })}
          </button>
        )
      )}
      <Select
        className={c.order}
        variant="unstyled"
        aria-label={t('order.label')}
        leftSection={<IconSortDescending size={15} stroke={1.6} aria-hidden />}
        data={GalleryOrder.options.map((value) => ({ value, label: t(`order.${value}`) }))}
        value={order}
        onChange={(value) => onOrder(GalleryOrder.parse(value))}
      />
    </div>
  )
}
