import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Session, SignIn } from '../../../../shared/contract'
import { sessionClient } from '../../../api/client'
import { keepPageKey } from '../../../api/page-key'
import { showLanguage } from '../../../i18n'
import { Mark } from '../../../ui/Mark'
import { describeError } from '../../../api/errors'
import c from './SignIn.module.css'

const modes = ['password', 'token'] as const
type Mode = (typeof modes)[number]

/** The token of a pasted link, or the text itself. */
const tokenOf = (text: string): string => {
  const trimmed = text.trim()
  return (URL.canParse(trimmed) && new URL(trimmed).searchParams.get('token')) || trimmed
}

/** Where somebody finds the link that Regie printed. */
function WhereItIs() {
  const { t } = useTranslation('access')
  return (
    <section className={c.where}>
      <h2>{t('signIn.whereTitle')}</h2>
      <p>{t('signIn.where')}</p>
      <p>{t('signIn.tokenNote')}</p>
    </section>
  )
}

function useSignIn() {
  return useMutation({
    mutationFn: (proof: SignIn) => sessionClient.signIn(proof),
    meta: { quiet: true },
    // The WebSocket was opened without a session: everything starts afresh.
    onSuccess: ({ pageKey }) => {
      if (pageKey !== null) keepPageKey(pageKey)
      location.reload()
    },
  })
}

/** What somebody gives to be let in, and its sending. */
function useProof({ passwords }: Session) {
  // Where nobody has set a password yet, the printed link is the way in.
  const [mode, setMode] = useState<Mode>(passwords.admin || passwords.user ? 'password' : 'token')
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const signIn = useSignIn()
  const byPassword = mode === 'password'
  const isReady = text.trim() !== '' && (!byPassword || name.trim() !== '')
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (isReady) signIn.mutate(byPassword ? { account: name.trim(), password: text } : { token: tokenOf(text) })
  }
  const choose = (next: Mode) => {
    setMode(next)
    setText('')
    signIn.reset()
  }
  return { mode, choose, byPassword, name, setName, text, setText, isReady, send, signIn }
}

/** The door: takes a person's name and password, the link that Regie printed, or a token. */
export default function SignInPage({ session }: { session: Session }) {
  const { t } = useTranslation('access')
  const { mode, choose, byPassword, name, setName, text, setText, isReady, send, signIn } = useProof(session)
  useEffect(() => {
    document.title = t('signIn.title')
  }, [t])
  // Who was here last says nothing of who comes now: the browser's language does.
  useEffect(() => void showLanguage('system'), [])
  const failure = signIn.error ? describeError(signIn.error) : null
  return (
    <main className={c.page}>
      <form className={c.card} onSubmit={send}>
        <Mark size={28} />
        <h1>{t('signIn.title')}</h1>
        <SegmentedControl<Mode>
          data={modes.map((value) => ({ value, label: t(`signIn.modes.${value}`) }))}
          value={mode}
          onChange={choose}
          aria-label={t('signIn.as')}
          fullWidth
        />
        <p>{t(byPassword ? 'signIn.passwordLead' : 'signIn.lead')}</p>
        {byPassword && (
          <TextInput
            label={t('signIn.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
          />
        )}
        <PasswordInput
          key={mode}
          label={t(byPassword ? 'signIn.password' : 'signIn.label')}
          placeholder={byPassword ? '' : t('signIn.placeholder')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autoComplete={byPassword ? 'current-password' : 'off'}
          autoFocus={!byPassword}
          error={failure ? `${failure.message} ${failure.hint}` : undefined}
        />
        <Button type="submit" loading={signIn.isPending || signIn.isSuccess} disabled={!isReady}>
          {t('signIn.submit')}
        </Button>
        {byPassword ? <p className={c.help}>{t('signIn.help')}</p> : <WhereItIs />}
      </form>
    </main>
  )
}
