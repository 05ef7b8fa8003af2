import { Button, Switch, TextInput } from '@mantine/core'
import { IconUserCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { invitationClient } from '../../../api/client'
import { describeError } from '../../../api/errors'
import { keepPageKey } from '../../../api/page-key'
import { useSecretCall } from '../../../api/useSecretCall'
import { Failure } from '../../../api/Failure'
import { showLanguage } from '../../../i18n'
import { focusFirstInvalid } from '../../../ui/focus-first-invalid'
import { Mark } from '../../../ui/Mark'
import { hrefOf } from '../../../ui/route'
import { Loading } from '../../../ui/States'
import { issuesOf, NewPassword } from '../NewPassword'
import { FirstKey } from './FirstKey'
import c from './SignIn.module.css'

interface Invited {
  id: string
  name: string
}

/** Leaves the link behind, and begins afresh as whoever is here now. */
function go(hash: string): void {
  history.replaceState(null, '', `${location.pathname}${hash}`)
  location.reload()
}

interface FormProps {
  token: string
  invited: Invited
  onJoined: (name: string, key: string | null) => void
}

interface KeyChoiceProps {
  name: string
  isWanted: boolean
  onName: (name: string) => void
  onWant: (isWanted: boolean) => void
  /** Whether it was to be sent: what is missing is said from then on. */
  isChecked: boolean
}

/** Whether a first key is made, and what it is called. */
function KeyChoice({ name, isWanted, onName, onWant, isChecked }: KeyChoiceProps) {
  const { t } = useTranslation('access')
  return (
    <>
      <Switch
        label={t('invitation.key')}
        description={t('invitation.keyNote')}
        checked={isWanted}
        onChange={(event) => onWant(event.currentTarget.checked)}
      />
      {isWanted && (
        <TextInput
          label={t('invitation.keyName')}
          value={name}
          onChange={(event) => onName(event.currentTarget.value)}
          error={isChecked && name.trim() === '' && t('invitation.nameNeeded')}
          maxLength={100}
          autoComplete="off"
        />
      )}
    </>
  )
}

function Form({ token, invited, onJoined }: FormProps) {
  const { t } = useTranslation('access')
  const [name, setName] = useState(invited.name)
  const [draft, setDraft] = useState({ password: '', repeated: '' })
  const [wantsKey, setWantsKey] = useState(true)
  const [keyName, setKeyName] = useState(t('invitation.keyNameDefault'))
  const [isChecked, setChecked] = useState(false)
  const accept = useSecretCall(() =>
    invitationClient.accept({
      ...{ token, password: draft.password, name: name.trim() },
      ...(wantsKey && { key: { name: keyName.trim() } }),
    }),
  )
  const isSound = issuesOf(draft).isSound && name.trim() !== '' && (!wantsKey || keyName.trim() !== '')
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setChecked(true)
    if (!isSound) {
      focusFirstInvalid(event.currentTarget)
      return
    }
    void accept.run(undefined, ({ pageKey, key }) => {
      if (pageKey !== null) keepPageKey(pageKey)
      onJoined(name.trim(), key?.key ?? null)
    })
  }
  return (
    <form className={c.card} onSubmit={send} noValidate>
      <Mark size={28} />
      <h1>{t('invitation.title')}</h1>
      <p>{t('invitation.lead', { name: invited.name, id: invited.id })}</p>
      <TextInput
        label={t('invitation.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={isChecked && name.trim() === '' && t('invitation.nameNeeded')}
        maxLength={100}
        autoComplete="name"
      />
      {/* So that a password manager notes the two together. */}
      <input type="text" name="username" autoComplete="username" value={invited.id} readOnly hidden />
      <NewPassword draft={draft} onChange={setDraft} isChecked={isChecked} isFirst />
      <KeyChoice name={keyName} isWanted={wantsKey} onName={setKeyName} onWant={setWantsKey} isChecked={isChecked} />
      <Failure error={accept.error} />
      <Button type="submit" loading={accept.isRunning}>
        {t('invitation.submit')}
      </Button>
    </form>
  )
}

/** In: the first key, shown this once, and the ways on. */
function Joined({ name, id, secret }: { name: string; id: string; secret: string | null }) {
  const { t } = useTranslation('access')
  return (
    <section className={c.card}>
      <IconUserCheck size={28} stroke={1.4} aria-hidden />
      <h1>{t('invitation.done', { name })}</h1>
      <p>{t('invitation.doneLead', { id })}</p>
      {secret !== null && <FirstKey secret={secret} />}
      <Button onClick={() => go(hrefOf('studio'))}>{t('invitation.studio')}</Button>
      <Button variant="default" onClick={() => go(hrefOf('me'))}>
        {t('invitation.access')}
      </Button>
    </section>
  )
}

function Bad({ error }: { error: unknown }) {
  const { t } = useTranslation('access')
  const { message, hint } = describeError(error)
  return (
    <section className={c.card} role="alert">
      <Mark size={28} />
      <h1>{t('invitation.bad')}</h1>
      <p>
        {message} {hint}
      </p>
      <Button variant="default" onClick={() => go('')}>
        {t('invitation.signIn')}
      </Button>
    </section>
  )
}

/** The door for somebody who was invited: a name, a password, a first key. The link works once. */
export default function InvitationPage({ token }: { token: string }) {
  const { t } = useTranslation('access')
  const [joined, setJoined] = useState<{ name: string; secret: string | null } | null>(null)
  const look = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => invitationClient.look({ token }),
    retry: false,
  })
  useEffect(() => {
    document.title = t('invitation.title')
  }, [t])
  useEffect(() => void showLanguage('system'), [])
  return (
    <main className={c.page}>
      {joined ? (
        <Joined name={joined.name} id={look.data?.id ?? ''} secret={joined.secret} />
      ) : look.data ? (
        <Form token={token} invited={look.data} onJoined={(name, secret) => setJoined({ name, secret })} />
      ) : look.error ? (
        <Bad error={look.error} />
      ) : (
        <section className={c.card}>
          <Loading rows={4} />
        </section>
      )}
    </main>
  )
}
