import { Button, Checkbox, Modal, NumberInput, PasswordInput, Switch } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertHeartbeat } from '../../../shared/contract'
import { client } from '../../api/client'
import { Failure } from '../../api/Failure'
import { useSecretCall } from '../../api/useSecretCall'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './Alerts.module.css'
import { readAlertsAgain } from './words'

/** Where Regie says that it is awake, and how often. Mount it while it is open. */
export function HeartbeatDialog({ heartbeat, onClose }: { heartbeat: AlertHeartbeat; onClose: () => void }) {
  const { t } = useTranslation(['alerts', 'common'])
  const isNew = heartbeat.host === null
  const { everyMin, isPrivate } = heartbeat
  const [draft, setDraft] = useState({ on: isNew || heartbeat.on, everyMin, isPrivate })
  const [address, setAddress] = useState('')
  const call = useSecretCall(() => client.alerts.setHeartbeat({ ...draft, ...(address !== '' && { address }) }))
  useReturnFocus()
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    void call.run(undefined, () => {
      readAlertsAgain()
      onClose()
    })
  }
  return (
    <Modal opened onClose={onClose} title={t('heartbeat.title')} size={460}>
      <form className={c.dialog} onSubmit={send} noValidate>
        <p>{t('heartbeat.text')}</p>
        <PasswordInput
          label={t('heartbeat.address')}
          description={t(isNew ? 'form.secretNew' : 'form.secretKept')}
          placeholder="https://"
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
        <NumberInput
          label={t('heartbeat.everyMin')}
          value={draft.everyMin}
          min={1}
          max={1440}
          allowDecimal={false}
          onChange={(value) => typeof value === 'number' && setDraft({ ...draft, everyMin: value })}
        />
        <Checkbox
          label={t('form.isPrivate')}
          checked={draft.isPrivate}
          onChange={(event) => setDraft({ ...draft, isPrivate: event.currentTarget.checked })}
        />
        <Switch
          label={t('heartbeat.on')}
          checked={draft.on}
          onChange={(event) => setDraft({ ...draft, on: event.currentTarget.checked })}
        />
        <Failure error={call.error} />
        <footer className={c.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={call.isRunning}>
            {t('form.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
