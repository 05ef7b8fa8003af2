import { Button, Modal, TagsInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Tag, type Generation } from '../../../shared/contract'
import { api } from '../../api/query'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './Tags.module.css'
import { useChanges } from './useChanges'

const keyOf = (tag: string) => tag.trim().toLowerCase()

/** The tags that all of them have. */
function commonTags(chosen: readonly Generation[]): string[] {
  const [first, ...others] = chosen
  return (first?.tags ?? []).filter((tag) =>
    others.every(({ tags = [] }) => tags.some((one) => keyOf(one) === keyOf(tag))),
  )
}

interface TagsDialogProps {
  ids: readonly string[]
  /** What is known of them. */
  chosen: readonly Generation[]
  onClose: () => void
}

/** The tags of one or of many: what is added is added to all, what is taken away is taken from all. */
export default function TagsDialog({ ids, chosen, onClose }: TagsDialogProps) {
  const { t } = useTranslation(['gallery', 'common'])
  useReturnFocus()
  const before = commonTags(chosen)
  const [tags, setTags] = useState(before)
  const known = useQuery(api.gallery.tags.queryOptions()).data ?? []
  const { apply } = useChanges()
  const wrong = tags.find((tag) => !Tag.safeParse(tag).success)
  const has = (list: readonly string[], tag: string) => list.some((one) => keyOf(one) === keyOf(tag))
  const addTags = tags.filter((tag) => !has(before, tag))
  const removeTags = before.filter((tag) => !has(tags, tag))
  const save = () => {
    if (wrong !== undefined) return
    if (addTags.length + removeTags.length > 0)
      apply(ids, { addTags, removeTags }, { done: (count) => t('tags.done', { count }), undo: 'as-told' })
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('tags.title', { count: ids.length })} size={460}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <TagsInput
          data-autofocus
          label={t('tags.label')}
          description={t('tags.note')}
          placeholder={tags.length === 0 ? t('tags.placeholder') : ''}
          data={known.map(({ tag }) => tag)}
          value={tags}
          onChange={setTags}
          splitChars={[',']}
          clearable
          acceptValueOnBlur
          isDuplicate={(value, current) => has(current, value)}
          error={wrong === undefined ? null : t('tags.wrong', { tag: wrong })}
        />
        <footer className={c.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit">{t('tags.save')}</Button>
        </footer>
      </form>
    </Modal>
  )
}
