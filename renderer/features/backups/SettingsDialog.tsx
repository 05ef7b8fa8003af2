import { Button, Modal, NumberInput, Switch, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupKeep, BackupSettings } from '../../../shared/contract'
import { client } from '../../api/client'
import { Failure } from '../../api/Failure'
import { useSecretCall } from '../../api/useSecretCall'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './Backups.module.css'
import { useSealing } from './sealing'
import { show } from './show'

const usualTime = '03:30'
const most = { daily: 365, weekly: 260, monthly: 240 }

/** How many days, weeks and months are kept. */
function KeepFields({ keep, onChange }: { keep: BackupKeep; onChange: (keep: BackupKeep) => void }) {
  const { t } = useTranslation('backups')
  return (
    <div className={c.three}>
      {(['daily', 'weekly', 'monthly'] as const).map((period) => (
        <NumberInput
          key={period}
          label={t(`form.${period}`)}
          min={period === 'daily' ? 1 : 0}
          max={most[period]}
          allowDecimal={false}
          value={keep[period]}
          onChange={(value) => onChange({ ...keep, [period]: Number(value) })}
        />
      ))}
    </div>
  )
}

function Foot({ isRunning, onClose }: { isRunning: boolean; onClose: () => void }) {
  const { t } = useTranslation(['backups', 'common'])
  return (
    <footer className={c.foot}>
      <Button variant="default" onClick={onClose}>
        {t('common:action.cancel')}
      </Button>
      <Button type="submit" loading={isRunning}>
        {t('form.save')}
      </Button>
    </footer>
  )
}

/** Where, when and for whom backups are made. Mount it while it is open. */
export function SettingsDialog({ settings, onClose }: { settings: BackupSettings; onClose: () => void }) {
  const { t } = useTranslation('backups')
  const [folder, setFolder] = useState(settings.folder ?? '')
  // Whoever sets backups up for the first time wants them made.
  const [isDaily, setDaily] = useState(settings.daily !== null || settings.opensBy === null)
  const [time, setTime] = useState(settings.daily ?? usualTime)
  const [keep, setKeep] = useState(settings.keep)
  const [withPictures, setWithPictures] = useState(settings.withPictures)
  const sealing = useSealing(settings.opensBy)
  const change = useSecretCall(client.backups.change)
  useReturnFocus()
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!sealing.check()) return
    const chosen = { folder: folder.trim() === '' ? null : folder.trim(), daily: isDaily ? time : null }
    void change.run({ ...chosen, keep, withPictures, ...sealing.chosen() }, (backups) => {
      show(backups)
      showDone(t('form.saved'))
      onClose()
    })
  }
  return (
    <Modal opened onClose={onClose} title={t('form.title')} size={520}>
      <form className={c.dialog} onSubmit={send} noValidate>
        <TextInput
          label={t('form.folder')}
          description={t('form.folderHint')}
          value={folder}
          onChange={(event) => setFolder(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        <Switch label={t('form.auto')} checked={isDaily} onChange={(event) => setDaily(event.currentTarget.checked)} />
        {isDaily && (
          <TextInput
            type="time"
            label={t('form.time')}
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
          />
        )}
        <KeepFields keep={keep} onChange={setKeep} />
        <Switch
          label={t('form.pictures')}
          description={t('form.picturesHint')}
          checked={withPictures}
          onChange={(event) => setWithPictures(event.currentTarget.checked)}
        />
        {sealing.fields}
        <Failure error={change.error} />
        <Foot isRunning={change.isRunning} onClose={onClose} />
      </form>
    </Modal>
  )
}
