import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LibraryFile } from '../../../shared/contract'
import { api } from '../../api/query'
import { formatSize } from '../../i18n/format'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { showDone } from '../../ui/toast'
import { listAgain } from './show'

/** What can be done with a file that was removed: it comes back, or goes for good. */
export function Removed({ file, onDone }: { file: LibraryFile; onDone: () => void }) {
  const { t } = useTranslation('library')
  const [isAsking, setAsking] = useState(false)
  const name = file.name.replace(/\.regie-removed$/, '')
  const done = (words: string) => () => {
    listAgain()
    showDone(words)
    onDone()
  }
  const restore = useMutation(api.modelLibrary.restore.mutationOptions({ onSuccess: done(t('remove.restored')) }))
  const erase = useMutation(api.modelLibrary.erase.mutationOptions({ onSuccess: done(t('remove.erased')) }))
  return (
    <>
      <Button variant="light" loading={restore.isPending} onClick={() => restore.mutate({ id: file.id })}>
        {t('remove.restore')}
      </Button>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('remove.erase')}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t('remove.eraseTitle', { name })}
        confirm={t('remove.eraseConfirm')}
        dangerous
        busy={erase.isPending}
        onConfirm={() => erase.mutate({ id: file.id }, { onSettled: () => setAsking(false) })}
      >
        <p>{t('remove.eraseText', { size: formatSize(file.bytes) })}</p>
      </ConfirmDialog>
    </>
  )
}
