import { Button, Modal } from '@mantine/core'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backup } from '../../../shared/contract'
import { client } from '../../api/client'
import { Failure } from '../../api/Failure'
import { useSecretCall } from '../../api/useSecretCall'
import { formatExact } from '../../i18n/format'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './Backups.module.css'
import { useKey } from './key'
import { readAgain } from './show'

/** Opens a backup with what a person gives, and restores it into a temporary folder. Mount it while it is open. */
export function CheckDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { t } = useTranslation(['backups', 'common'])
  const { key, field, isGiven } = useKey(backup)
  const check = useSecretCall(client.backups.check)
  useReturnFocus()
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    void check.run({ name: backup.name, key }, () => {
      readAgain()
      showDone(t('check.done'))
      onClose()
    })
  }
  return (
    <Modal opened onClose={onClose} title={t('check.title', { at: formatExact(backup.at) })} size={480}>
      <form className={c.dialog} onSubmit={send} noValidate>
        <p className={c.text}>{t('check.text')}</p>
        {field}
        <Failure error={check.error} />
        <footer className={c.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={check.isRunning} disabled={!isGiven}>
            {t('check.confirm')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
