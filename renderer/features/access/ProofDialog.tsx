import { Button, Modal, PasswordInput } from '@mantine/core'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { firstAccount, type IdentityProof } from '../../../shared/contract'
import { client, sessionClient } from '../../api/client'
import type { AskedProof } from '../../api/proof'
import { api, queryClient } from '../../api/query'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { useSecretCall } from '../../api/useSecretCall'
import { useMe, useSession } from '../../api/useSession'
import { describeError } from '../../api/errors'
import c from './Access.module.css'

/** Mantine closes every open dialog at Escape: this one may stand above another, and closes by itself. */
const aboveOthers = { 'data-mantine-stop-propagation': 'true' }

/** Runs once when it is first shown, also where React shows everything twice to find mistakes. */
function useOnceShown(run: () => void) {
  const hasRun = useRef(false)
  useEffect(() => {
    if (hasRun.current) return
    hasRun.current = true
    run()
  })
}

/** Gives a proof, notes who is here after it, and answers whoever asked. */
function useProve(answer: AskedProof['answer']) {
  const prove = useSecretCall((proof: IdentityProof) => sessionClient.prove(proof))
  const give = (proof: IdentityProof) =>
    void prove.run(proof, (proven) => {
      queryClient.setQueryData(api.session.current.queryKey(), proven)
      // Who became administrator sees more, of services above all.
      void queryClient.invalidateQueries()
      answer(true)
    })
  const failure = prove.error ? describeError(prove.error) : null
  return { give, isRunning: prove.isRunning, failure: failure && `${failure.message} ${failure.hint}` }
}

function Frame({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose()
  }
  const behaviour = { closeOnEscape: false, withCloseButton: false, onKeyDown: onKey }
  return (
    <Modal opened onClose={onClose} {...behaviour} title={title} size={420} zIndex={400}>
      {children}
    </Modal>
  )
}

/** On the desktop without a password the program asks by itself, where no page can answer; this one waits for it. */
function AskedOutside({ answer }: AskedProof) {
  const { t } = useTranslation(['access', 'common'])
  const { give, isRunning, failure } = useProve(answer)
  const ask = () => give({ confirm: true })
  useOnceShown(ask)
  useReturnFocus()
  return (
    <Frame title={t('proof.againTitle')} onClose={() => answer(false)}>
      <div className={c.dialog}>
        <p role="status">{failure ?? t('proof.desktopText')}</p>
        <footer className={c.foot}>
          <Button {...aboveOthers} variant="default" data-autofocus onClick={() => answer(false)}>
            {t('common:action.cancel')}
          </Button>
          <Button {...aboveOthers} loading={isRunning} onClick={ask}>
            {t('proof.askAgain')}
          </Button>
        </footer>
      </div>
    </Frame>
  )
}

/** Has a code printed where Regie runs, and says where that is. */
function PrintedCode() {
  const { t } = useTranslation(['access'])
  const [isPrinted, setPrinted] = useState<boolean | null>(null)
  const print = useSecretCall(() => client.session.printCode())
  const printNow = () => void print.run(undefined, ({ printed }) => setPrinted(printed))
  useOnceShown(printNow)
  const failure = print.error ? describeError(print.error).message : null
  const words = isPrinted === null ? t('proof.printing') : t(isPrinted ? 'proof.printed' : 'proof.notPrinted')
  return (
    <div>
      <p role="status">{failure ?? words}</p>
      {isPrinted !== false && (
        <Button {...aboveOthers} variant="subtle" size="compact-sm" loading={print.isRunning} onClick={printNow}>
          {t('proof.print')}
        </Button>
      )}
    </div>
  )
}

/** Asks for the admin password, or where there is none for a printed code or the admin token. */
function AskedHere({ need, answer, takesPassword }: AskedProof & { takesPassword: boolean }) {
  const { t } = useTranslation(['access', 'common'])
  const [text, setText] = useState('')
  const { give, isRunning, failure } = useProve(answer)
  const isFirst = useSession().data?.account === firstAccount
  useReturnFocus()
  const unlocks = need === 'session.admin-locked'

  const send = (event: SubmitEvent) => {
    event.preventDefault()
    event.stopPropagation()
    if (text !== '') give(takesPassword ? { password: text } : { token: text.trim() })
  }
  return (
    <Frame title={t(unlocks ? 'proof.adminTitle' : 'proof.againTitle')} onClose={() => answer(false)}>
      <form className={c.dialog} onSubmit={send}>
        <p>{t(unlocks ? 'proof.adminText' : takesPassword ? 'proof.againText' : 'proof.tokenText')}</p>
        {!takesPassword && <PrintedCode />}
        <PasswordInput
          {...aboveOthers}
          label={t(takesPassword ? (isFirst ? 'proof.password' : 'proof.ownPassword') : 'proof.token')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autoComplete={takesPassword ? 'current-password' : 'off'}
          data-autofocus
          error={failure ?? undefined}
        />
        <footer className={c.foot}>
          <Button {...aboveOthers} variant="default" onClick={() => answer(false)}>
            {t('common:action.cancel')}
          </Button>
          <Button {...aboveOthers} type="submit" loading={isRunning} disabled={text === ''}>
            {t(unlocks ? 'proof.unlockNow' : 'proof.confirm')}
          </Button>
        </footer>
      </form>
    </Frame>
  )
}

/** Asks who is there, in the way that this door and its passwords allow. */
export default function ProofDialog(asked: AskedProof) {
  const session = useSession().data
  const me = useMe().data
  if (session === undefined) return null
  const takesPassword = session.door === 'desktop' ? session.passwords.admin : me?.hasPassword === true
  if (session.door === 'desktop' && !takesPassword) return <AskedOutside {...asked} />
  return <AskedHere {...asked} takesPassword={takesPassword} />
}
