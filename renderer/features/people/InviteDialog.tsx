import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { AccountId, type Invitation, type Role, type User } from '../../../shared/contract'
import { client } from '../../api/client'
import { Failure } from '../../api/Failure'
import { useSecretCall } from '../../api/useSecretCall'
import { focusFirstInvalid } from '../../ui/focus-first-invalid'
import { navigate } from '../../ui/route'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { InvitationLink } from './InvitationLink'
import { accountIdOf } from './lines'
import c from './People.module.css'
import { listPeopleAgain } from './usePeople'

const roles = ['user', 'admin'] as const

interface Draft {
  name: string
  /** Null: as the name leads to it. */
  id: string | null
  role: Role
}

/** What is missing in a draft, by its field. */
function issuesOf({ name }: Draft, id: string, taken: readonly string[]) {
  return {
    name: name.trim() === '' ? 'inviting.nameNeeded' : null,
    id: !AccountId.safeParse(id).success ? 'inviting.idBad' : taken.includes(id) ? 'inviting.idTaken' : null,
  } as const
}

interface FormProps {
  users: readonly User[]
  onClose: () => void
  onMade: (invitation: Invitation) => void
}

/** The draft of an account: what is wrong with it once it was to be sent, and its sending. */
function useInviting({ users, onMade }: Omit<FormProps, 'onClose'>) {
  const { t } = useTranslation('people')
  const [draft, setDraft] = useState<Draft>({ name: '', id: null, role: 'user' })
  const [isChecked, setChecked] = useState(false)
  const taken = users.map((user) => user.id)
  const id = draft.id ?? (draft.name.trim() === '' ? '' : accountIdOf(draft.name, taken))
  const issues = issuesOf(draft, id, taken)
  const invite = useSecretCall(async () => {
    await client.users.create({ id, name: draft.name.trim(), role: draft.role })
    return client.users.invite({ id })
  })
  const error = (field: keyof typeof issues) => {
    const issue = issues[field]
    return isChecked && issue !== null ? t(issue) : null
  }
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setChecked(true)
    if (issues.name !== null || issues.id !== null) {
      focusFirstInvalid(event.currentTarget)
      return
    }
    void invite.run(undefined, onMade)
  }
  return { draft, setDraft, id, error, send, invite }
}

function Form({ users, onClose, onMade }: FormProps) {
  const { t } = useTranslation(['people', 'common'])
  const { draft, setDraft, id, error, send, invite } = useInviting({ users, onMade })
  useReturnFocus()
  return (
    <Modal opened onClose={onClose} title={t('inviting.title')} size={460}>
      <form className={c.dialog} onSubmit={send} noValidate>
        <TextInput
          label={t('inviting.name')}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          error={error('name')}
          maxLength={100}
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          label={t('inviting.id')}
          description={t('inviting.idHint')}
          value={id}
          onChange={(event) => setDraft({ ...draft, id: event.currentTarget.value })}
          error={error('id')}
          maxLength={63}
          autoComplete="off"
          spellCheck={false}
        />
        <div className={c.field}>
          <span className={c.legend}>{t('inviting.role')}</span>
          <SegmentedControl
            aria-label={t('inviting.role')}
            data={roles.map((value) => ({ value, label: t(`role.${value}Long`) }))}
            value={draft.role}
            onChange={(role) => setDraft({ ...draft, role })}
          />
          <p>{t(`inviting.roleNote.${draft.role}`)}</p>
        </div>
        <Failure error={invite.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={invite.isRunning}>
            {t('inviting.create')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}

/** Makes an account and the link that lets its person in. Mount it while it is open. */
export function InviteDialog({ users, onClose }: Pick<FormProps, 'users' | 'onClose'>) {
  const [made, setMade] = useState<Invitation | null>(null)
  if (made) return <InvitationLink made={made} onClose={onClose} />
  return (
    <Form
      users={users}
      onClose={onClose}
      onMade={(invitation) => {
        setMade(invitation)
        listPeopleAgain()
        navigate('people', invitation.user.id)
      }}
    />
  )
}
