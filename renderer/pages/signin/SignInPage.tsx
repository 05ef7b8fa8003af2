import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { sessionClient } from '../../api/client'
import { Mark } from '../../components/Mark'
import { describeError } from '../../components/toast'
import c from './SignIn.module.css'

/** The token of a pasted link, or the text itself. */
const tokenOf = (text: string): string => {
  const trimmed = text.trim()
  return (URL.canParse(trimmed) && new URL(trimmed).searchParams.get('token')) || trimmed
}

/** The door: takes the link that Regie printed, or a token. */
export default function SignInPage() {
  const { t } = useTranslation('common')
  const [text, setText] = useState('')
  const signIn = useMutation({
    mutationFn: (token: string) => sessionClient.signIn({ token }),
    meta: { quiet: true },
    // The WebSocket was opened without a session: everything starts afresh.
    onSuccess: () => location.reload(),
  })
  useEffect(() => {
    document.title = t('signIn.title')
  }, [t])
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (text.trim() !== '') signIn.mutate(tokenOf(text))
  }
  const failure = signIn.error ? describeError(signIn.error) : null
  return (
    <main className={c.page}>
      <form className={c.card} onSubmit={send}>
        <Mark size={28} />
        <h1>{t('signIn.title')}</h1>
        <p>{t('signIn.lead')}</p>
        <PasswordInput
          label={t('signIn.label')}
          placeholder={t('signIn.placeholder')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autoComplete="off"
          autoFocus
          error={failure ? `${failure.message} ${failure.hint}` : undefined}
        />
        <Button type="submit" loading={signIn.isPending || signIn.isSuccess} disabled={text.trim() === ''}>
          {t('signIn.submit')}
        </Button>
        <section className={c.where}>
          <h2>{t('signIn.whereTitle')}</h2>
          <p>{t('signIn.where')}</p>
          <p>{t('signIn.tokenNote')}</p>
        </section>
      </form>
    </main>
  )
}
