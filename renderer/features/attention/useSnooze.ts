import { IconClock } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SnoozeLength } from '../../../shared/contract'
import { api } from '../../api/query'
import type { MenuEntry } from '../../ui/menu-entry'
import { showDone } from '../../ui/toast'

const lengths: readonly SnoozeLength[] = ['hour', 'tomorrow', 'change']

interface Named {
  id: string
  title: string
}

/** Puts something aside for everybody, with a way to take that back, and takes it up again. */
export function useSnooze() {
  const { t } = useTranslation('attention')
  const begin = useMutation(api.attention.snooze.mutationOptions())
  const end = useMutation(api.attention.unsnooze.mutationOptions())
  const unsnooze = (id: string, title: string) =>
    end.mutate({ id }, { onSuccess: () => showDone(t('takenUp', { title })) })
  const snooze = ({ id: about, title }: Named, length: SnoozeLength) =>
    begin.mutate(
      { about, length },
      {
        onSuccess: ({ id }) => showDone(t('snoozed', { title }), { undo: () => unsnooze(id, title) }),
      },
    )
  const entries = (item: Named): MenuEntry[] => [
    { type: 'head', key: 'snooze', label: t('snooze') },
    ...lengths.map((length): MenuEntry => ({
      type: 'act',
      key: length,
      label: t(`length.${length}`),
      icon: IconClock,
      onClick: () => snooze(item, length),
    })),
  ]
  return { snooze, unsnooze, entries, isBusy: begin.isPending || end.isPending }
}
