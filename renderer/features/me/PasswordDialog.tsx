import { Button, Modal, PasswordInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client'
import { Failure } from '../../api/Failure'
import { useSecretCall } from '../../api/useSecretCall'
import c from '../../ui/Sheet.module.css'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { issuesOf, NewPassword } from '../access/NewPassword'

/** Changes one's own password; other sessions of the account end. Mount it while it is open. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['me', 'access', 'common'])
  const [current, setCurrent] = useState('')
  const [draft, setDraft] = useState({ password: '', repeated: '' })
  const [isChecked, setChecked] = useState(false)
  const change = useSecretCall(() => client.me.setPassword({ current, password: draft.password }))
  useReturnFocus()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    setChecked(true)
    if (current === '' || !issuesOf(draft).isSound) return
    void change.run(undefined, () => {
      showDone(t('access:passwords.done.set'))
      onClose()
    })
  }
  return (
    <Modal opened onClose={onClose} title={t('password')} size={460}>
      <form className={c.dialog} onSubmit={send}>
        <PasswordInput
          label={t('access:passwords.current')}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          error={isChecked && current === '' && t('access:passwords.needed')}
          autoComplete="current-password"
          data-autofocus
        />
        <NewPassword draft={draft} onChange={setDraft} isChecked={isChecked} isFirst={false} />
        <Failure error={change.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={change.isRunning}>
            {t('access:passwords.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
