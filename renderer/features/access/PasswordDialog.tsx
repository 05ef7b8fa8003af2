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

const leastCharacters = 8
const mostBytes = 72

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
  const [password, setPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  const [isChecked, setChecked] = useState(false)
  const asksCurrent = role === 'admin' && isSet
  const change = useSecretCall(() => {
    const known = asksCurrent ? { current } : {}
    return act === 'set'
      ? client.access.setPassword({ role, password, ...known })
      : client.access.removePassword({ role, ...known })
  })
  useReturnFocus()

  const isMissing = asksCurrent && current === ''
  const isShort = password.length < leastCharacters
  const isLong = new TextEncoder().encode(password).length > mostBytes
  const differs = password !== repeated
  const isSound = !isMissing && (act === 'remove' || !(isShort || isLong || differs))
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
  const removes = role === 'admin' ? 'passwords.adminRemoveText' : 'passwords.userRemoveText'
  return (
    <Modal opened onClose={onClose} title={t(title, { role: t(`passwords.roles.${role}`) })} size={460}>
      <form className={c.dialog} onSubmit={send}>
        <p className={c.text}>
          {act === 'remove' ? t(removes) : role === 'admin' ? t('passwords.adminSetText') : t('passwords.userText')}
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
          <>
            <PasswordInput
              label={t('passwords.new')}
              description={t('passwords.rule')}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={isChecked && ((isShort && t('passwords.short')) || (isLong && t('passwords.long')))}
              autoComplete="new-password"
              data-autofocus={!asksCurrent || undefined}
            />
            <PasswordInput
              label={t('passwords.repeat')}
              value={repeated}
              onChange={(event) => setRepeated(event.currentTarget.value)}
              error={isChecked && differs && t('passwords.differs')}
              autoComplete="new-password"
            />
          </>
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
