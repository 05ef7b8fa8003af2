import { ActionIcon } from '@mantine/core'
import { IconStar, IconStarFilled } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { lazyPart } from '../../ui/parts'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { PanelAction } from '../../ui/Panel'
import { Tooltip } from '../../ui/Tooltip'
import c from './Tags.module.css'
import { useFavourite } from './useChanges'

const TagsDialog = lazyPart(() => import('./TagsDialog'))

/** Marks a generation as a favourite of the reader's own, and takes the mark away. */
export function FavouriteButton({
  generation,
  variant = 'default',
}: {
  generation: Generation
  variant?: 'default' | 'subtle'
}) {
  const { t } = useTranslation('gallery')
  const toggle = useFavourite()
  const isOn = generation.favourite === true
  const label = t(isOn ? 'bulk.unmark' : 'bulk.mark')
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={variant}
        {...(variant === 'subtle' && { color: 'gray' })}
        aria-label={label}
        aria-keyshortcuts="F"
        onClick={() => toggle(generation)}
      >
        {isOn ? <IconStarFilled size={16} /> : <IconStar size={16} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  )
}

/** The tags of a generation, each leading to what else has it where that can be shown, and how to change them. */
export function Tags({ generation, onTag }: { generation: Generation; onTag?: (tag: string) => void }) {
  const { t } = useTranslation('gallery')
  const [isOpen, setOpen] = useState(false)
  const { tags = [] } = generation
  return (
    <section aria-label={t('tags.label')}>
      <div className={c.tags}>
        {tags.map((tag) =>
          onTag ? (
            <button key={tag} type="button" className={c.tag} onClick={() => onTag(tag)}>
              {tag}
            </button>
          ) : (
            <span key={tag} className={c.tag}>
              {tag}
            </span>
          ),
        )}
        <PanelAction onClick={() => setOpen(true)}>{t(tags.length > 0 ? 'tags.edit' : 'tags.add')}</PanelAction>
      </div>
      <Suspense>
        {isOpen && <TagsDialog ids={[generation.id]} chosen={[generation]} onClose={() => setOpen(false)} />}
      </Suspense>
    </section>
  )
}
