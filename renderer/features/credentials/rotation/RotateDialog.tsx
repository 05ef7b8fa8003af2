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

const fieldOf = (scheme: Credential['scheme']) => (scheme === 'token' ? 'token' : 'password')

/** Starts the rotation, with a secret of the person's own where they typed one, or has it wait. */
function useRotate({
  credential: { id, scheme },
  isLater,
  onStarted,
  onClose,
}: RotateDialogProps & { isLater: boolean }) {
  const { t } = useTranslation('policy')
  const [secret, setSecret] = useState<string | null>(null)
  const [isChecked, setChecked] = useState(false)
  const [operationId] = useState(() => crypto.randomUUID())
  const rotate = useSecretCall((own: string | null) =>
    client.credentials.rotate({ id, operationId, wait: false, ...(own === null ? {} : { [fieldOf(scheme)]: own }) }),
  )
  const wait = useMutation(
    api.credentials.rotateWhenIdle.mutationOptions({
      onSuccess: () => {
        showDone(t('plan.wanted', { id }))
        onClose()
      },
    }),
  )
  const start = () => {
    if (isLater) {
      wait.mutate({ id, wanted: true })
      return
    }
    setChecked(true)
    if (secret === '') return
    void rotate.run(secret, (rotation) => {
      setSecret((now) => now && '')
      queryClient.setQueryData(api.credentials.rotation.queryKey({ input: { id } }), (now) =>
        // Its events may have come before this answer.
        now?.id === rotation.id ? now : rotation,
      )
      onStarted(rotation)
    })
  }
  const choose = (isOwn: boolean) => {
    setSecret(isOwn ? '' : null)
    setChecked(false)
  }
  return { own: { secret, isMissing: isChecked && secret === '', choose, type: setSecret }, rotate, wait, start }
}

interface OwnSecretProps {
  scheme: Credential['scheme']
  own: ReturnType<typeof useRotate>['own']
  isLater: boolean
}

/** A rotation that waits makes its secret itself. */
function OwnSecret({ scheme, own, isLater }: OwnSecretProps) {
  const { t } = useTranslation('credentials')
  const field = fieldOf(scheme)
  const isOwn = own.secret !== null && !isLater
  return (
    <>
      <Checkbox
        label={t('rotate.own')}
        checked={isOwn}
        disabled={isLater}
        onChange={(event) => own.choose(event.currentTarget.checked)}
      />
      {isOwn && (
        <PasswordInput
          label={t(`rotate.${field}`)}
          description={field === 'password' ? t('rotate.passwordNote') : undefined}
          value={own.secret ?? ''}
          onChange={(event) => own.type(event.currentTarget.value)}
          error={own.isMissing && t('create.secretMissing')}
          autoComplete="new-password"
        />
      )}
    </>
  )
}

/** Says what a rotation will write, restart, lose and prove, then starts it, or has it wait. Mount it while it is open. */
export function RotateDialog({ credential, onStarted, onClose }: RotateDialogProps) {
  const { t } = useTranslation(['credentials', 'policy'])
  const { id } = credential
  const plan = useRotationPlan(id)
  const [waits, setWaits] = useState<boolean | null>(null)
  const isBusy = isDisturbing(plan.data)
  // Waiting is what is proposed as long as something would be lost.
  const isLater = isBusy && (waits ?? true)
  const { own, rotate, wait, start } = useRotate({ credential, isLater, onStarted, onClose })
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
        <OwnSecret scheme={credential.scheme} own={own} isLater={isLater} />
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
