import { PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backup, BackupKey } from '../../../shared/contract'

/** The field for what opens a backup, and what was given. */
export function useKey({ opensBy }: Pick<Backup, 'opensBy'>) {
  const { t } = useTranslation('backups')
  const [text, setText] = useState('')
  const key: BackupKey = opensBy === 'passphrase' ? { passphrase: text } : { identity: text }
  const field = (
    <PasswordInput
      label={t(`key.${opensBy}`)}
      description={opensBy === 'identity' ? t('key.identityHint') : undefined}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      autoComplete="off"
      data-autofocus
    />
  )
  return { key, field, isGiven: text !== '' }
}
