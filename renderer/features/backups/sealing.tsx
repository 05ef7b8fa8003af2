import '@mantine/core/styles/Radio.css'
import { PasswordInput, Radio, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupSettings } from '../../../shared/contract'
import c from './Backups.module.css'

const leastLength = 12

interface NewPassphraseProps {
  passphrase: string
  repeated: string
  /** Whether what is wrong is told yet. */
  isChecked: boolean
  onPassphrase: (text: string) => void
  onRepeated: (text: string) => void
}

function NewPassphrase({ passphrase, repeated, isChecked, onPassphrase, onRepeated }: NewPassphraseProps) {
  const { t } = useTranslation('backups')
  const isShort = passphrase.length < leastLength
  return (
    <>
      <PasswordInput
        label={t('form.newPassphrase')}
        description={t('form.rule')}
        value={passphrase}
        onChange={(event) => onPassphrase(event.currentTarget.value)}
        error={isChecked && isShort && t('form.tooShort')}
        autoComplete="new-password"
      />
      <PasswordInput
        label={t('form.repeat')}
        value={repeated}
        onChange={(event) => onRepeated(event.currentTarget.value)}
        error={isChecked && !isShort && passphrase !== repeated && t('form.differs')}
        autoComplete="new-password"
      />
    </>
  )
}

type Sealing = 'as-it-is' | 'passphrase' | 'identity'

/** What opens the backups: its fields, and what was chosen. */
export function useSealing(opensBy: BackupSettings['opensBy']) {
  const { t } = useTranslation('backups')
  const [sealing, setSealing] = useState<Sealing>(opensBy === null ? 'passphrase' : 'as-it-is')
  const [passphrase, setPassphrase] = useState('')
  const [repeated, setRepeated] = useState('')
  const [recipient, setRecipient] = useState('')
  const [isChecked, setChecked] = useState(false)
  const fields = (
    <>
      <Radio.Group
        label={t('form.seal')}
        description={opensBy === null ? undefined : t('form.older')}
        value={sealing}
        onChange={(value) => setSealing(value === 'passphrase' || value === 'identity' ? value : 'as-it-is')}
      >
        <div className={c.choices}>
          {opensBy !== null && <Radio value="as-it-is" label={t('form.keepSeal')} />}
          <Radio value="passphrase" label={t('form.passphrase')} />
          <Radio value="identity" label={t('form.identity')} />
        </div>
      </Radio.Group>
      {sealing === 'passphrase' && (
        <NewPassphrase {...{ passphrase, repeated, isChecked }} onPassphrase={setPassphrase} onRepeated={setRepeated} />
      )}
      {sealing === 'identity' && (
        <TextInput
          label={t('form.recipient')}
          description={t('form.recipientHint')}
          value={recipient}
          onChange={(event) => setRecipient(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </>
  )
  const check = () => {
    setChecked(true)
    return sealing !== 'passphrase' || (passphrase.length >= leastLength && passphrase === repeated)
  }
  const chosen = () => {
    switch (sealing) {
      case 'as-it-is':
        return {}
      case 'passphrase':
        return { seal: { passphrase } }
      case 'identity':
        return { seal: { recipient: recipient.trim() } }
    }
  }
  return { fields, check, chosen }
}
