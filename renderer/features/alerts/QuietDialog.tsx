import { Button, Modal, Switch, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { WeekWindow } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './Alerts.module.css'
import { readAlertsAgain } from './words'

const everyNight: WeekWindow = { from: '22:00', to: '07:00', days: [1, 2, 3, 4, 5, 6, 7] }

/** When channels that mind it wait. Mount it while it is open. */
export function QuietDialog({ quietHours, onClose }: { quietHours: WeekWindow | null; onClose: () => void }) {
  const { t } = useTranslation(['alerts', 'common'])
  const [isOn, setOn] = useState(quietHours !== null)
  const [draft, setDraft] = useState(quietHours ?? everyNight)
  const set = useMutation(api.alerts.setQuietHours.mutationOptions({ onSuccess: onClose, onSettled: readAlertsAgain }))
  useReturnFocus()
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    set.mutate({ quietHours: isOn ? draft : null })
  }
  return (
    <Modal opened onClose={onClose} title={t('quiet.title')} size={400}>
      <form className={c.dialog} onSubmit={send} noValidate>
        <Switch label={t('quiet.on')} checked={isOn} onChange={(event) => setOn(event.currentTarget.checked)} />
        <div className={c.pair}>
          {(['from', 'to'] as const).map((edge) => (
            <TextInput
              key={edge}
              type="time"
              label={t(`quiet.${edge}`)}
              value={draft[edge]}
              disabled={!isOn}
              onChange={(event) => setDraft({ ...draft, [edge]: event.currentTarget.value })}
            />
          ))}
        </div>
        <Failure error={set.error} />
        <footer className={c.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={set.isPending}>
            {t('form.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
