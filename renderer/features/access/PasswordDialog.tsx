import { Button, Modal, PasswordInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccessStatus, Role } from '../../../shared/contract'
import { client } from '../../api/client'
import { api, queryClient } from '../../api/query'
import { Failure } from '../../api/Failure'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { useSecretCall } from '../../api/useSecretCall'
import c from '../../ui/Sheet.module.css'
import { issuesOf, NewPassword } from './NewPassword'

const textOf = {
  admin: { set: 'passwords.adminSetText', remove: 'passwords.adminRemoveText' },
  user: { set: 'passwords.userText', remove: 'passwords.userRemoveText' },
} as const

interface PasswordDialogProps {
  role: Role
  act: 'set' | 'remove'
  /** Whether there is a password already. */
  isSet: boolean
  onClose: () => void
}

/** Sets, changes or removes the password of a role. The present admin password is asked for where that is what changes. */
export function PasswordDialog({ role, act, isSet, onClose }: PasswordDialogProps) {
  const { t } = useTranslation(['access', 'common'])
  const [current, setCurrent] = useState('')
  const [draft, setDraft] = useState({ password: '', repeated: '' })
  const [isChecked, setChecked] = useState(false)
  const asksCurrent = role === 'admin' && isSet
  const change = useSecretCall(() => {
    const known = asksCurrent ? { current } : {}
    return act === 'set'
      ? client.access.setPassword({ role, password: draft.password, ...known })
      : client.access.removePassword({ role, ...known })
  })
  useReturnFocus()
  const isMissing = asksCurrent && current === ''
  const isSound = !isMissing && (act === 'remove' || issuesOf(draft).isSound)
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    setChecked(true)
    if (!isSound) return
    void change.run(undefined, (status: AccessStatus) => {
      queryClient.setQueryData(api.access.status.queryKey(), status)
      void queryClient.invalidateQueries({ queryKey: api.session.current.key() })
      showDone(t(act === 'set' ? 'passwords.done.set' : 'passwords.done.removed'))
      onClose()
    })
  }
  const title = act === 'remove' ? 'passwords.removeOf' : isSet ? 'passwords.changeOf' : 'passwords.setOf'
  return (
    <Modal opened onClose={onClose} title={t(title, { role: t(`passwords.roles.${role}`) })} size={460}>
      <form className={c.dialog} onSubmit={send}>
        <p className={c.text}>
          {t(textOf[role][act])}
          {isSet && ` ${t('passwords.ends')}`}
        </p>
        {asksCurrent && (
          <PasswordInput
            label={t('passwords.current')}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            error={isChecked && isMissing && t('passwords.needed')}
            autoComplete="current-password"
            data-autofocus
          />
        )}
        {act === 'set' && (
          <NewPassword draft={draft} onChange={setDraft} isChecked={isChecked} isFirst={!asksCurrent} />
        )}
        <Failure error={change.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={change.isRunning}>
            {t(act === 'set' ? 'passwords.save' : 'passwords.remove')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
