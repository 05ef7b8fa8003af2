import { Button, Modal, PasswordInput } from '@mantine/core'
import { useState, type KeyboardEvent, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { client, sessionClient } from '../../api/client'
import type { AskedProof } from '../../api/proof'
import { api, queryClient } from '../../api/query'
import { useReturnFocus } from '../../hooks/useReturnFocus'
import { useSecretCall } from '../../hooks/useSecretCall'
import { useSession } from '../../hooks/useSession'
import { describeError } from '../toast'
import c from './Access.module.css'

/** Mantine closes every open dialog at Escape: this one may stand above another, and closes by itself. */
const aboveOthers = { 'data-mantine-stop-propagation': 'true' }

/** Asks who is there: for the admin password, or where there is none for the admin token or a printed code. */
export default function ProofDialog({ need, answer }: AskedProof) {
  const { t } = useTranslation(['access', 'common'])
  const session = useSession().data
  const [text, setText] = useState('')
  const [printed, setPrinted] = useState<boolean | null>(null)
  const prove = useSecretCall((proof: { password: string } | { token: string }) => sessionClient.prove(proof))
  const print = useSecretCall(() => client.session.printCode())
  useReturnFocus()
  const takesPassword = session?.passwords.admin === true
  const unlocks = need === 'session.admin-locked'
  const failure = prove.error ? describeError(prove.error) : null

  const send = (event: SubmitEvent) => {
    event.preventDefault()
    event.stopPropagation()
    if (text === '') return
    void prove.run(takesPassword ? { password: text } : { token: text.trim() }, (proven) => {
      queryClient.setQueryData(api.session.current.queryKey(), proven)
      answer(true)
    })
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') answer(false)
  }
  return (
    <Modal
      opened
      onClose={() => answer(false)}
      closeOnEscape={false}
      withCloseButton={false}
      title={t(unlocks ? 'proof.adminTitle' : 'proof.againTitle')}
      size={420}
      zIndex={400}
    >
      <form className={c.dialog} onSubmit={send} onKeyDown={onKey}>
        <p>{t(unlocks ? 'proof.adminText' : takesPassword ? 'proof.againText' : 'proof.tokenText')}</p>
        <PasswordInput
          {...aboveOthers}
          label={t(takesPassword ? 'proof.password' : 'proof.token')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autoComplete={takesPassword ? 'current-password' : 'off'}
          data-autofocus
          error={failure ? `${failure.message} ${failure.hint}` : undefined}
        />
        {!takesPassword && (
          <div>
            <Button
              {...aboveOthers}
              variant="subtle"
              size="compact-sm"
              loading={print.isRunning}
              onClick={() => void print.run(undefined, (done) => setPrinted(done.printed))}
            >
              {t('proof.print')}
            </Button>
            {printed !== null && <p role="status">{t(printed ? 'proof.printed' : 'proof.notPrinted')}</p>}
          </div>
        )}
        <footer className={c.foot}>
          <Button {...aboveOthers} variant="default" onClick={() => answer(false)}>
            {t('common:action.cancel')}
          </Button>
          <Button {...aboveOthers} type="submit" loading={prove.isRunning} disabled={text === ''}>
            {t(unlocks ? 'proof.unlockNow' : 'proof.confirm')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
