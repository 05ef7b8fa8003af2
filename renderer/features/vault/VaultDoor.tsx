import { Button, PasswordInput } from '@mantine/core'
import { IconAlertTriangle, IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VaultStatus } from '../../../shared/contract'
import { client } from '../../api/client'
import { api, queryClient } from '../../api/query'
import { Failure } from '../../api/Failure'
import { Empty } from '../../ui/States'
import { describeReason } from '../../i18n'
import c from './VaultDoor.module.css'
import { useSecretCall } from '../../api/useSecretCall'

const leastLength = 8

/** What stands in the place of the credentials while the vault is not open: its state, and the way in. */
export function VaultDoor({ vault }: { vault: VaultStatus }) {
  const { t } = useTranslation('credentials')
  const why = vault.reason && describeReason(vault.reason)
  if (vault.state === 'unreadable') {
    return (
      <Empty icon={IconAlertTriangle} title={t('vault.unreadableTitle')}>
        {why && `${why.message} ${why.hint} `}
        {t('vault.unreadableText')}
      </Empty>
    )
  }
  const isNew = vault.state === 'empty'
  // A key that is kept elsewhere is put right there, not with a passphrase.
  const takesPassphrase = vault.keeper === 'passphrase'
  return (
    <Empty
      icon={IconLock}
      title={t(isNew ? 'vault.emptyTitle' : 'vault.lockedTitle')}
      action={takesPassphrase && <PassphraseForm isNew={isNew} />}
    >
      {takesPassphrase ? t(isNew ? 'vault.emptyText' : 'vault.lockedText') : why && `${why.message} ${why.hint}`}
    </Empty>
  )
}

function PassphraseForm({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation('credentials')
  const [passphrase, setPassphrase] = useState('')
  const [repeated, setRepeated] = useState('')
  const [isChecked, setChecked] = useState(false)
  const unlock = useSecretCall((text: string) => client.vault.unlock({ passphrase: text }))
  const isShort = passphrase.length < leastLength
  const differs = isNew && passphrase !== repeated
  const submit = () => {
    setChecked(true)
    if (isShort || differs) return
    void unlock.run(passphrase, (status) => {
      setPassphrase('')
      setRepeated('')
      queryClient.setQueryData(api.vault.status.queryKey(), status)
      void queryClient.invalidateQueries({ queryKey: api.credentials.key() })
    })
  }
  return (
    <form
      className={c.door}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <PasswordInput
        label={t('vault.passphrase')}
        description={isNew ? t('vault.rule') : undefined}
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
        error={isChecked && isShort && t('vault.tooShort')}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        autoFocus
      />
      {isNew && (
        <PasswordInput
          label={t('vault.repeat')}
          value={repeated}
          onChange={(event) => setRepeated(event.currentTarget.value)}
          error={isChecked && !isShort && differs && t('vault.differs')}
          autoComplete="new-password"
        />
      )}
      <Failure error={unlock.error} />
      <Button type="submit" loading={unlock.isRunning}>
        {t(isNew ? 'vault.create' : 'vault.unlock')}
      </Button>
    </form>
  )
}
