import { Button, PasswordInput, SegmentedControl } from '@mantine/core'
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

type Mode = 'admin' | 'user' | 'token'

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

/** The door: takes the password of a role, the link that Regie printed, or a token. */
export default function SignInPage({ session }: { session: Session }) {
  const { t } = useTranslation('access')
  const { passwords } = session
  const modes = (['admin', 'user', 'token'] as const).filter((mode) => mode === 'token' || passwords[mode])
  const [mode, setMode] = useState<Mode>(modes[0] ?? 'token')
  const [text, setText] = useState('')
  const signIn = useSignIn()
  useEffect(() => {
    document.title = t('signIn.title')
  }, [t])
  // Who was here last says nothing of who comes now: the browser's language does.
  useEffect(() => void showLanguage('system'), [])
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    signIn.mutate(mode === 'token' ? { token: tokenOf(text) } : { role: mode, password: text })
  }
  const choose = (next: Mode) => {
    setMode(next)
    setText('')
    signIn.reset()
  }
  const failure = signIn.error ? describeError(signIn.error) : null
  const lead = { admin: t('signIn.adminLead'), user: t('signIn.userLead'), token: t('signIn.lead') }[mode]
  return (
    <main className={c.page}>
      <form className={c.card} onSubmit={send}>
        <Mark size={28} />
        <h1>{t('signIn.title')}</h1>
        {modes.length > 1 && (
          <SegmentedControl<Mode>
            data={modes.map((value) => ({ value, label: t(`signIn.modes.${value}`) }))}
            value={mode}
            onChange={choose}
            aria-label={t('signIn.as')}
            fullWidth
          />
        )}
        <p>{lead}</p>
        <PasswordInput
          key={mode}
          label={t(mode === 'token' ? 'signIn.label' : 'signIn.password')}
          placeholder={mode === 'token' ? t('signIn.placeholder') : ''}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autoComplete={mode === 'token' ? 'off' : 'current-password'}
          autoFocus
          error={failure ? `${failure.message} ${failure.hint}` : undefined}
        />
        <Button type="submit" loading={signIn.isPending || signIn.isSuccess} disabled={text.trim() === ''}>
          {t('signIn.submit')}
        </Button>
        {mode === 'token' && <WhereItIs />}
      </form>
    </main>
  )
}
