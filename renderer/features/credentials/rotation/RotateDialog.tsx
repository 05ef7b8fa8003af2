import { Button, Checkbox, Modal, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, Rotation } from '../../../../shared/contract'
import { client } from '../../../api/client'
import { api, queryClient } from '../../../api/query'
import { Failure } from '../../../api/Failure'
import { showDone } from '../../../ui/toast'
import c from '../Credentials.module.css'
import { BeforeRotate, isDisturbing, useRotationPlan } from '../policy/BeforeRotate'
import { Consumers } from '../policy/Consumers'
import { useSecretCall } from '../../../api/useSecretCall'

interface RotateDialogProps {
  credential: Credential
  onStarted: (rotation: Rotation) => void
  onClose: () => void
}

/** Says what a rotation will write, restart, lose and prove, then starts it, or has it wait. Mount it while it is open. */
export function RotateDialog({ credential, onStarted, onClose }: RotateDialogProps) {
  const { t } = useTranslation(['credentials', 'policy'])
  const { id, scheme } = credential
  const plan = useRotationPlan(id)
  const [waits, setWaits] = useState<boolean | null>(null)
  const isBusy = isDisturbing(plan.data)
  // Waiting is what is proposed as long as something would be lost.
  const isLater = isBusy && (waits ?? true)
  const field = scheme === 'token' ? 'token' : 'password'
  const [isOwn, setOwn] = useState(false)
  const [own, setOwnSecret] = useState('')
  const [isChecked, setChecked] = useState(false)
  const [operationId] = useState(() => crypto.randomUUID())
  const rotate = useSecretCall((secret: string | null) =>
    client.credentials.rotate({ id, operationId, wait: false, ...(secret === null ? {} : { [field]: secret }) }),
  )
  const wait = useMutation(
    api.credentials.rotateWhenIdle.mutationOptions({
      onSuccess: () => {
        showDone(t('policy:plan.wanted', { id }))
        onClose()
      },
    }),
  )
  const isMissing = isOwn && own === ''
  const start = () => {
    if (isLater) {
      wait.mutate({ id, wanted: true })
      return
    }
    setChecked(true)
    if (isMissing) return
    void rotate.run(isOwn ? own : null, (rotation) => {
      setOwnSecret('')
      queryClient.setQueryData(api.credentials.rotation.queryKey({ input: { id } }), (now) =>
        // Its events may have come before this answer.
        now?.id === rotation.id ? now : rotation,
      )
      onStarted(rotation)
    })
  }
  return (
    <Modal opened onClose={onClose} title={t('rotate.title', { id })} size={600}>
      <form
        className={c.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          start()
        }}
      >
        <p>{t('rotate.intro')}</p>
        <BeforeRotate plan={plan.data} error={plan.error} />
        {plan.data && <Consumers id={id} consumers={plan.data.consumers} />}
        {isBusy && (
          <Checkbox
            label={t('policy:plan.whenIdle')}
            description={t('policy:plan.whenIdleText')}
            checked={isLater}
            onChange={(event) => setWaits(event.currentTarget.checked)}
          />
        )}
        <Checkbox
          label={t('rotate.own')}
          checked={isOwn && !isLater}
          disabled={isLater}
          onChange={(event) => {
            setOwn(event.currentTarget.checked)
            setOwnSecret('')
            setChecked(false)
          }}
        />
        {isOwn && !isLater && (
          <PasswordInput
            label={t(`rotate.${field}`)}
            description={field === 'password' ? t('rotate.passwordNote') : undefined}
            value={own}
            onChange={(event) => setOwnSecret(event.currentTarget.value)}
            error={isChecked && isMissing && t('create.secretMissing')}
            autoComplete="new-password"
          />
        )}
        <Failure error={rotate.error ?? wait.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('rotate.cancel')}
          </Button>
          <Button type="submit" loading={rotate.isRunning || wait.isPending} data-autofocus>
            {t(isLater ? 'policy:plan.later' : 'rotate.confirm')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
