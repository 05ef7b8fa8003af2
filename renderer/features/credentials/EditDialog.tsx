import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential } from '../../../shared/contract'
import { api } from '../../api/query'
import { Failure } from '../../api/Failure'
import { showDone } from '../../ui/toast'
import c from './Credentials.module.css'
import { focusFirstInvalid } from '../../ui/focus-first-invalid'
import { areSound, checkRows, rowOf, toSinkInput, type SinkRow } from './sink-rows'
import { SinksEditor } from './SinksEditor'

/** Changes the user name and the sinks of a credential. Mount it only while it is open. */
export function EditDialog({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const { t } = useTranslation('credentials')
  const { id, scheme } = credential
  const [username, setUsername] = useState(credential.username ?? '')
  const [rows, setRows] = useState<SinkRow[]>(() => credential.sinks.map(rowOf))
  const [isChecked, setChecked] = useState(false)
  const update = useMutation(
    api.credentials.update.mutationOptions({
      meta: { quiet: true },
      onSuccess: () => {
        showDone(t('edit.saved', { id }))
        onClose()
      },
    }),
  )
  const issues = checkRows(rows)
  const submit = () => {
    setChecked(true)
    if (!areSound(issues)) return
    const name = username.trim()
    const isRenamed = name !== '' && name !== credential.username
    update.mutate({ id, sinks: rows.map(toSinkInput), ...(isRenamed ? { username: name } : {}) })
  }
  return (
    <Modal opened onClose={onClose} title={t('edit.title', { id })} size={600}>
      <form
        className={c.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
          focusFirstInvalid(event.currentTarget)
        }}
      >
        <p className={c.text}>{t('edit.note')}</p>
        {scheme !== 'token' && (
          <TextInput
            label={t('edit.username')}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        )}
        <SinksEditor scheme={scheme} rows={rows} onChange={setRows} issues={isChecked ? issues : []} />
        <Failure error={update.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('edit.cancel')}
          </Button>
          <Button type="submit" loading={update.isPending}>
            {t('edit.submit')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
