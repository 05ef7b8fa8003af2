import { Button, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Key, Limits } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './KeyDialogs.module.css'
import { LimitFields, useLimitFields } from './LimitFields'
import { listKeysAgain } from './useKeys'

interface LimitsDialogProps {
  title: string
  text: string
  of: Limits
  onSave: (limits: Limits) => void
  isBusy: boolean
  error: Error | null
  onClose: () => void
}

/** Changes what somebody, or a key, may use. Mount it while it is open. */
export function LimitsDialog({ title, text, of, onSave, isBusy, error, onClose }: LimitsDialogProps) {
  const { t } = useTranslation(['keys', 'common'])
  const { fields, limits } = useLimitFields(of)
  useReturnFocus()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    onSave(limits())
  }
  return (
    <Modal opened onClose={onClose} title={title} size={520}>
      <form className={c.dialog} onSubmit={send}>
        <p>{text}</p>
        <LimitFields {...fields} isFirst />
        <Failure error={error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t('limits.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}

/** The same of a key. */
export function KeyLimitsDialog({ of, onClose }: { of: Key; onClose: () => void }) {
  const { t } = useTranslation('keys')
  const update = useMutation(
    api.keys.change.mutationOptions({
      onSuccess: () => {
        void listKeysAgain()
        showDone(t('limits.done', { name: of.name }))
        onClose()
      },
      meta: { quiet: true },
    }),
  )
  return (
    <LimitsDialog
      title={t('limits.title', { name: of.name })}
      text={t('limits.text')}
      of={of.limits}
      onSave={(limits) => update.mutate({ id: of.id, limits })}
      isBusy={update.isPending}
      error={update.error}
      onClose={onClose}
    />
  )
}
