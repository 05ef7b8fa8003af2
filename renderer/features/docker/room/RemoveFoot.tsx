import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoomItem } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { formatSize } from '../../../i18n/format'
import { ConfirmDialog } from '../../../ui/ConfirmDialog'
import c from './Room.module.css'
import { keepRemoval } from './useRoom'

interface RemoveFootProps {
  selected: RoomItem[]
  isRunning: boolean
  onBegun: () => void
}

/** How much the chosen give back, and the question before they go. */
export function RemoveFoot({ selected, isRunning, onBegun }: RemoveFootProps) {
  const { t } = useTranslation('room')
  const [isAsking, setAsking] = useState(false)
  const remove = useMutation(api.room.remove.mutationOptions({ onSuccess: keepRemoval }))
  const known = selected.reduce((sum, { freesBytes }) => sum + (freesBytes ?? 0), 0)
  const words = { count: selected.length, size: formatSize(known) }
  const has = (kind: RoomItem['kind']) => selected.some((item) => item.kind === kind)
  const written = selected
    .filter(({ kind }) => kind === 'container')
    .reduce((sum, one) => sum + (one.freesBytes ?? 0), 0)
  return (
    <div className={c.foot}>
      <span>{selected.length === 0 ? t('chooseFirst') : t('chosen', words)}</span>
      <Button
        variant="default"
        color="red"
        disabled={selected.length === 0 || isRunning}
        loading={remove.isPending}
        onClick={() => setAsking(true)}
      >
        {t('remove', words)}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t('ask.title', words)}
        confirm={t('ask.confirm', words)}
        dangerous
        busy={remove.isPending}
        onConfirm={() =>
          remove.mutate(
            { ids: selected.map(({ id }) => id), wait: false },
            {
              onSuccess: onBegun,
              onSettled: () => setAsking(false),
            },
          )
        }
      >
        <p>{t('ask.text')}</p>
        {has('image') && <p>{t('ask.image')}</p>}
        {has('container') && <p>{t('ask.container', { size: formatSize(written) })}</p>}
        {has('build-cache') && <p>{t('ask.build-cache')}</p>}
      </ConfirmDialog>
    </div>
  )
}
