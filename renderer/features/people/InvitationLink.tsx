import { Button, Modal } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Invitation, User } from '../../../shared/contract'
import { client } from '../../api/client'
import { Failure } from '../../api/Failure'
import { useSecretCall } from '../../api/useSecretCall'
import { formatExact } from '../../i18n/format'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { StatusIcon } from '../../ui/Status'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './People.module.css'
import { listPeopleAgain } from './usePeople'

/** Addresses that lead to this computer alone. */
const isLocal = () => ['localhost', '127.0.0.1', '[::1]', 'panel'].includes(location.hostname)

/** The link that lets somebody in, shown this once. */
export function InvitationLink({ made, onClose }: { made: Invitation; onClose: () => void }) {
  const { name } = made.user
  const link = new URL(made.path, location.origin).href
  const { t } = useTranslation('people')
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  useReturnFocus()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link)
      setState('copied')
    } catch {
      setState('failed') // not allowed, or no secure context
    }
  }
  return (
    <Modal opened onClose={onClose} title={t('link.title', { name })} size={600} closeOnClickOutside={false}>
      <div className={c.dialog}>
        <p>{t('link.text', { name, ends: formatExact(made.expiresAt) })}</p>
        <div className={c.link}>
          <code aria-label={t('link.label')}>{link}</code>
          <Button
            leftSection={state === 'copied' ? <IconCheck size={16} /> : <IconCopy size={16} />}
            onClick={() => void copy()}
            data-autofocus
          >
            {t(state === 'copied' ? 'link.copied' : 'link.copy')}
          </Button>
        </div>
        {state === 'failed' && <p role="status">{t('link.copyFailed')}</p>}
        {isLocal() && (
          <p className={c.local}>
            <StatusIcon of="warning" /> {t('link.local')}
          </p>
        )}
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('link.done')}
          </Button>
        </footer>
      </div>
    </Modal>
  )
}

/** Asks before another link takes the place of an earlier one, and shows it. Mount it while it is open. */
export function NewInvitation({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation('people')
  const [made, setMade] = useState<Invitation | null>(null)
  const invite = useSecretCall(() => client.users.invite({ id: user.id }))
  if (made) return <InvitationLink made={made} onClose={onClose} />
  const send = () =>
    void invite.run(undefined, (invitation) => {
      setMade(invitation)
      listPeopleAgain()
    })
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t('link.askTitle', { name: user.name })}
      confirm={t('inviting.create')}
      onConfirm={send}
      busy={invite.isRunning}
    >
      <p>{t(user.hasPassword ? 'link.askReset' : 'link.ask', { name: user.name })}</p>
      <Failure error={invite.error} />
    </ConfirmDialog>
  )
}
