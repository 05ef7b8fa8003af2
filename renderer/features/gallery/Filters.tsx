import { CloseButton, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { GenerationState } from '../../../shared/contract'
import { api } from '../../api/query'
import c from './Gallery.module.css'
import type { GalleryFilter } from './pages'
import { isThumbSize, keepThumbSize, thumbSizes, type ThumbSize } from './thumb-size'

interface FiltersProps {
  filter: GalleryFilter
  onFilter: (filter: GalleryFilter) => void
  size: ThumbSize
  onSize: (size: ThumbSize) => void
}

function SizeChoice({ size, onSize }: Pick<FiltersProps, 'size' | 'onSize'>) {
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

/** What is listed: by words, by service, by how it ended; and how large. */
export function Filters({ filter, onFilter, size, onSize }: FiltersProps) {
  const { t } = useTranslation(['gallery', 'common'])
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  return (
    <div className={c.filters} role="search">
      <TextInput
        className={c.search}
        aria-label={t('filter.search')}
        placeholder={t('filter.search')}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={filter.search}
        onChange={(event) => onFilter({ ...filter, search: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onFilter({ ...filter, search: '' })
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
      <Select
        className={c.serviceFilter}
        aria-label={t('filter.service')}
        data={[{ value: '', label: t('filter.allServices') }, ...services.map(({ id }) => ({ value: id, label: id }))]}
        value={filter.serviceId ?? ''}
        onChange={(value) => onFilter({ ...filter, serviceId: value === '' ? null : value })}
      />
      <Select
        className={c.stateFilter}
        aria-label={t('filter.state')}
        data={[
          { value: '', label: t('filter.anyState') },
          ...GenerationState.options.map((value) => ({ value, label: t(`common:status.${value}`) })),
        ]}
        value={filter.state ?? ''}
        onChange={(value) => onFilter({ ...filter, state: value === '' ? null : GenerationState.parse(value) })}
      />
      <SizeChoice size={size} onSize={onSize} />
    </div>
  )
}
