import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { useReturnFocus } from '../../../ui/useReturnFocus'
import c from './TagsDialog.module.css'
import { changedTags, tagsIn, type TagChoice } from './tags'
import { useArrange } from './useArrange'

interface TagsDialogProps {
  /** Whose tags are edited. */
  services: readonly Service[]
  onClose: () => void
}

/** The tags of several services at once: each is on all, on some, or on none of them. */
export default function TagsDialog({ services, onClose }: TagsDialogProps) {
  const { t } = useTranslation(['list', 'common'])
  const all = useQuery(api.services.list.queryOptions()).data ?? []
  const [choices, setChoices] = useState<ReadonlyMap<string, TagChoice>>(() => tagsIn(services, all))
  const [fresh, setFresh] = useState('')
  const { arrange } = useArrange()
  useReturnFocus()
  const choose = (tag: string, choice: TagChoice) => setChoices(new Map([...choices, [tag, choice]]))
  const tag = fresh.trim()
  const add = () => {
    if (tag === '') return
    choose(tag, 'all')
    setFresh('')
  }
  const save = () => {
    const wanted = tag === '' ? choices : new Map<string, TagChoice>([...choices, [tag, 'all']])
    const changes = changedTags(services, wanted)
    if (changes.length > 0) arrange(changes)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('tags.title', { count: services.length })} size={420}>
      <form
        className={c.body}
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        {[...choices].map(([one, choice]) => (
          <Checkbox
            key={one}
            label={one}
            checked={choice === 'all'}
            indeterminate={choice === 'some'}
            onChange={() => choose(one, choice === 'all' ? 'none' : 'all')}
          />
        ))}
        <div className={c.add}>
          <TextInput
            label={t('tags.new')}
            value={fresh}
            maxLength={40}
            onChange={(event) => setFresh(event.currentTarget.value)}
            data-autofocus
          />
          <Button variant="default" leftSection={<IconPlus size={15} />} onClick={add} disabled={tag === ''}>
            {t('tags.add')}
          </Button>
        </div>
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
