import { Button, PasswordInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useEffect, useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { firstAccount, type Session } from '../../../../shared/contract'
import { sessionClient } from '../../../api/client'
import { api, queryClient } from '../../../api/query'
import { describeError } from '../../../api/errors'
import { useSecretCall } from '../../../api/useSecretCall'
import c from './SignIn.module.css'

/** All that a locked session shows. */
export default function LockPage({ session }: { session: Session }) {
  const { t } = useTranslation('access')
  const [password, setPassword] = useState('')
  const unlock = useSecretCall((text: string) => sessionClient.unlock({ password: text }))
  const signOut = useSecretCall(() => sessionClient.signOut())
  useEffect(() => {
    document.title = t('lock.title')
  }, [t])
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (password === '') return
    void unlock.run(password, (open) => {
      setPassword('')
      queryClient.setQueryData(api.session.current.queryKey(), open)
    })
  }
  const failure = unlock.error ? describeError(unlock.error) : null
  const isOwner = session.door === 'desktop' || session.account === firstAccount
  return (
    <main className={c.page}>
      <form className={c.card} onSubmit={send}>
        <IconLock size={28} stroke={1.4} aria-hidden />
        <h1>{t('lock.title')}</h1>
        <p>{t('lock.lead')}</p>
        <PasswordInput
          label={t(isOwner ? 'lock.adminPassword' : 'lock.userPassword')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          autoFocus
          error={failure ? `${failure.message} ${failure.hint}` : undefined}
        />
        <Button type="submit" loading={unlock.isRunning} disabled={password === ''}>
          {t('lock.unlock')}
        </Button>
        {session.door === 'http' && (
          <Button
            variant="subtle"
            color="gray"
            loading={signOut.isRunning}
            onClick={() => void signOut.run(undefined, () => location.reload())}
          >
            {t('lock.signOut')}
          </Button>
        )}
      </form>
    </main>
  )
}
