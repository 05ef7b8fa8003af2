import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { navigate } from '../../ui/route'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { NewInvitation } from './InvitationLink'
import c from './People.module.css'
import { listPeopleAgain } from './usePeople'

export type PersonAct = 'rename' | 'invite' | 'makeAdmin' | 'makeUser' | 'suspend' | 'remove'

interface ActProps {
  user: User
  onClose: () => void
}

function Rename({ user, onClose }: ActProps) {
  const { t } = useTranslation(['people', 'common'])
  const [name, setName] = useState(user.name)
  const update = useMutation(
    api.users.change.mutationOptions({
      onSuccess: () => {
        listPeopleAgain()
        onClose()
      },
      meta: { quiet: true },
    }),
  )
  useReturnFocus()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (name.trim() !== '') update.mutate({ id: user.id, name: name.trim() })
  }
  return (
    <Modal opened onClose={onClose} title={t('rename.title', { name: user.name })} size={420}>
      <form className={c.dialog} onSubmit={send}>
        <TextInput
          label={t('rename.label')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          data-autofocus
        />
        <Failure error={update.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={update.isPending} disabled={name.trim() === ''}>
            {t('rename.confirm')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}

/** Asks before something is taken from somebody or given to them, and says what it brings. */
function Question({ user, act, onClose }: ActProps & { act: 'makeAdmin' | 'makeUser' | 'suspend' }) {
  const { t } = useTranslation('people')
  const { id, name } = user
  const update = useMutation(
    api.users.change.mutationOptions({
      onSettled: () => {
        listPeopleAgain()
        onClose()
      },
    }),
  )
  const of = {
    makeAdmin: {
      title: t('roleAsk.adminTitle', { name }),
      text: t('roleAsk.adminText'),
      confirm: t('roleAsk.confirmAdmin'),
    },
    makeUser: {
      title: t('roleAsk.userTitle', { name }),
      text: t('roleAsk.userText', { name }),
      confirm: t('roleAsk.confirmUser'),
    },
    suspend: { title: t('suspend.title', { name }), text: t('suspend.text'), confirm: t('suspend.confirm') },
  }[act]
  const change = { makeAdmin: { role: 'admin' }, makeUser: { role: 'user' }, suspend: { suspended: true } } as const
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={of.title}
      confirm={of.confirm}
      onConfirm={() => update.mutate({ id, ...change[act] })}
      busy={update.isPending}
      dangerous={act === 'suspend'}
    >
      <p>{of.text}</p>
    </ConfirmDialog>
  )
}

function Remove({ user, keys, onClose }: ActProps & { keys: number }) {
  const { t } = useTranslation('people')
  const { id, name } = user
  const remove = useMutation(
    api.users.remove.mutationOptions({
      onSuccess: () => {
        navigate('people')
        showDone(t('remove.done', { name }))
      },
      onSettled: () => {
        onClose()
        listPeopleAgain()
      },
    }),
  )
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('remove.title', { name })}
      confirm={t('remove.confirm')}
      onConfirm={() => remove.mutate({ id })}
      busy={remove.isPending}
      dangerous
    >
      <p>{t('remove.text')}</p>
      {keys > 0 && <p>{t('remove.keys', { count: keys })}</p>}
    </ConfirmDialog>
  )
}

interface PersonDialogsProps extends ActProps {
  act: PersonAct
  /** How many keys the person has. */
  keys: number
}

/** The dialog of an act on an account. Mount it while it is open. */
export function PersonDialogs({ act, user, keys, onClose }: PersonDialogsProps) {
  switch (act) {
    case 'rename':
      return <Rename user={user} onClose={onClose} />
    case 'invite':
      return <NewInvitation user={user} onClose={onClose} />
    case 'remove':
      return <Remove user={user} keys={keys} onClose={onClose} />
    case 'makeAdmin':
    case 'makeUser':
    case 'suspend':
      return <Question act={act} user={user} onClose={onClose} />
    default:
      return act satisfies never
  }
}
