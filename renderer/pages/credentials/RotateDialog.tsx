import { Button, Checkbox, Modal, PasswordInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, Rotation, Service } from '../../../shared/contract'
import { client } from '../../api/client'
import { api, queryClient } from '../../api/query'
import { Failure } from '../../components/Failure'
import { formatList } from '../../i18n/format'
import c from './Credentials.module.css'
import { planRotation } from './rotation-plan'
import { useSecretCall } from '../../hooks/useSecretCall'

interface RotateDialogProps {
  credential: Credential
  onStarted: (rotation: Rotation) => void
  onClose: () => void
}

/** Says what a rotation will write, restart and prove, then starts it. Mount it only while it is open. */
export function RotateDialog({ credential, onStarted, onClose }: RotateDialogProps) {
  const { t } = useTranslation('credentials')
  const { id, scheme } = credential
  const field = scheme === 'token' ? 'token' : 'password'
  const [isOwn, setOwn] = useState(false)
  const [own, setOwnSecret] = useState('')
  const [isChecked, setChecked] = useState(false)
  const [operationId] = useState(() => crypto.randomUUID())
  const rotate = useSecretCall((secret: string | null) =>
    client.credentials.rotate({ id, operationId, wait: false, ...(secret === null ? {} : { [field]: secret }) }),
  )
  const isMissing = isOwn && own === ''
  const start = () => {
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
    <Modal opened onClose={onClose} title={t('rotate.title', { id })} size={520}>
      <form
        className={c.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          start()
        }}
      >
        <p>{t('rotate.intro')}</p>
        <Plan credential={credential} />
        <Checkbox
          label={t('rotate.own')}
          checked={isOwn}
          onChange={(event) => {
            setOwn(event.currentTarget.checked)
            setOwnSecret('')
            setChecked(false)
          }}
        />
        {isOwn && (
          <PasswordInput
            label={t(`rotate.${field}`)}
            description={field === 'password' ? t('rotate.passwordNote') : undefined}
            value={own}
            onChange={(event) => setOwnSecret(event.currentTarget.value)}
            error={isChecked && isMissing && t('create.secretMissing')}
            autoComplete="new-password"
          />
        )}
        <Failure error={rotate.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('rotate.cancel')}
          </Button>
          <Button type="submit" loading={rotate.isRunning} data-autofocus>
            {t('rotate.confirm')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}

const ids = (services: Service[]) => formatList(services.map(({ id }) => id))

function Plan({ credential }: { credential: Credential }) {
  const { t } = useTranslation('credentials')
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const { sinks } = credential
  const { restarted, stopped, external, asked } = planRotation(credential, services)
  return (
    <ul className={c.plan}>
      <li>
        {sinks.length === 0 ? t('rotate.writesNone') : t('rotate.writes', { count: sinks.length })}
        <ul>
          {sinks.map((sink) => (
            <li key={sink.id} className="mono" title={sink.path}>
              {sink.path}
              {sink.key !== null && `, ${sink.key}`}
            </li>
          ))}
        </ul>
      </li>
      <li>
        {restarted.length > 0 ? t('rotate.restarts', { services: ids(restarted) }) : t('rotate.restartsNone')}
        {stopped.length > 0 && ` ${t('rotate.restartsStopped', { services: ids(stopped) })}`}
        {external.length > 0 && ` ${t('rotate.restartsExternal', { services: ids(external) })}`}
      </li>
      {asked.length > 0 && <li>{t('rotate.proves', { services: ids(asked) })}</li>}
      {credential.serviceIds.length === 0 && <li>{t('rotate.provesNone')}</li>}
    </ul>
  )
}
