import { Button, Modal, PasswordInput, Switch } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backup, RestorePlan } from '../../../shared/contract'
import { client } from '../../api/client'
import { Failure } from '../../api/Failure'
import { useSecretCall } from '../../api/useSecretCall'
import { formatExact, formatInteger } from '../../i18n/format'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './Backups.module.css'
import { FileList } from './FileList'
import { useKey } from './key'
import { show } from './show'

type OnSwitch = (isOn: boolean) => void

/** What restoring would change: figures beside each other, and the files outside. */
function Plan({ plan }: { plan: RestorePlan }) {
  const { t } = useTranslation('backups')
  const { version, platform, dataFolder, counts, outside, leftOut, withPictures } = plan
  return (
    <>
      <p className={c.text}>{t('restore.madeBy', { version, platform, dataFolder })}</p>
      <table className={c.table}>
        <thead>
          <tr>
            <th scope="col">{t('restore.what')}</th>
            <th scope="col">{t('restore.inBackup')}</th>
            <th scope="col">{t('restore.now')}</th>
          </tr>
        </thead>
        <tbody>
          {counts.map(({ what, backup, now }) => (
            <tr key={what}>
              <th scope="row">{t(`restore.counts.${what}`)}</th>
              <td className="num">{formatInteger(backup)}</td>
              <td className="num">{now === null ? t('restore.unknown') : formatInteger(now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!withPictures && <p className={c.text}>{t('restore.picturesStay')}</p>}
      {outside.length > 0 && (
        <Files
          label={t('restore.outside')}
          files={outside.map(({ path, state }) => [path, t(`restore.states.${state}`)])}
        />
      )}
      {leftOut.length > 0 && (
        <Files label={t('restore.leftOut')} files={leftOut.map(({ path, why }) => [path, t(`leftOut.${why}`)])} />
      )}
    </>
  )
}

function Files({ label, files }: { label: string; files: [path: string, of: string][] }) {
  return (
    <section>
      <b>{label}</b>
      <FileList label={label} files={files} />
    </section>
  )
}

/** What was ended since the backup was made, and whether it stays so. */
function EndedSince({ ended, keeps, onKeep }: { ended: RestorePlan['ended']; keeps: boolean; onKeep: OnSwitch }) {
  const { t } = useTranslation('backups')
  if (ended === null) return <p className={c.text}>{t('restore.endedUnknown')}</p>
  if (ended.length === 0) return null
  return (
    <section>
      <b>{t('restore.ended')}</b>
      <ul className={c.files} tabIndex={0} aria-label={t('restore.ended')}>
        {ended.map(({ what, id, name, person }) => (
          <li key={`${what} ${id}`}>
            <span>
              {what === 'metrics-token'
                ? t('restore.metricsToken')
                : person === null
                  ? name
                  : t('restore.endedOf', { name, person })}
            </span>
            <span>{t(`restore.endedWhat.${what}`)}</span>
          </li>
        ))}
      </ul>
      <Switch
        label={t('restore.keepEnded')}
        description={t('restore.keepEndedHint')}
        checked={keeps}
        onChange={(event) => onKeep(event.currentTarget.checked)}
      />
    </section>
  )
}

interface DecisionsProps {
  plan: RestorePlan
  missingFiles: boolean
  keepEnded: boolean
  vaultPassphrase: string
  onMissingFiles: OnSwitch
  onKeepEnded: OnSwitch
  onVaultPassphrase: (text: string) => void
}

/** What a person decides beside: the files outside that are missing, what was ended since, and who keeps the vault. */
function Decisions({ plan, onMissingFiles, onKeepEnded, onVaultPassphrase, ...chosen }: DecisionsProps) {
  const { t } = useTranslation('backups')
  const { missingFiles, keepEnded, vaultPassphrase } = chosen
  return (
    <>
      <EndedSince ended={plan.ended} keeps={keepEnded} onKeep={onKeepEnded} />
      {plan.outside.some(({ state }) => state === 'missing') && (
        <Switch
          label={t('restore.missing')}
          checked={missingFiles}
          onChange={(event) => onMissingFiles(event.currentTarget.checked)}
        />
      )}
      {plan.needsVaultPassphrase && (
        <PasswordInput
          label={t('restore.vaultPassphrase')}
          value={vaultPassphrase}
          onChange={(event) => onVaultPassphrase(event.currentTarget.value)}
          autoComplete="new-password"
        />
      )}
    </>
  )
}

interface FootProps {
  isPlanned: boolean
  isRunning: boolean
  isGiven: boolean
  onClose: () => void
}

function Foot({ isPlanned, isRunning, isGiven, onClose }: FootProps) {
  const { t } = useTranslation(['backups', 'common'])
  return (
    <footer className={c.foot}>
      <Button variant="default" onClick={onClose}>
        {t('common:action.cancel')}
      </Button>
      <Button type="submit" loading={isRunning} disabled={!isGiven}>
        {isPlanned ? t('restore.confirm') : t('restore.look')}
      </Button>
    </footer>
  )
}

/** Shows what restoring would change, then makes it ready for the next start. Mount it while it is open. */
export function RestoreDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { t } = useTranslation('backups')
  const { key, field, isGiven } = useKey(backup)
  const [plan, setPlan] = useState<RestorePlan | null>(null)
  const [vaultPassphrase, setVaultPassphrase] = useState('')
  const [missingFiles, setMissingFiles] = useState(false)
  const [keepEnded, setKeepEnded] = useState(true)
  const look = useSecretCall(client.backups.plan)
  const restore = useSecretCall(client.backups.restore)
  useReturnFocus()
  const { name } = backup
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (plan === null) {
      void look.run({ name, key }, setPlan)
      return
    }
    const asked = plan.needsVaultPassphrase ? { vaultPassphrase } : {}
    void restore.run({ name, key, missingFiles, keepEnded, ...asked }, (backups) => {
      show(backups)
      showDone(t('restore.done'))
      onClose()
    })
  }
  return (
    <Modal opened onClose={onClose} title={t('restore.title', { at: formatExact(backup.at) })} size={560}>
      <form className={c.dialog} onSubmit={send} noValidate>
        {plan === null ? (
          <>
            <p className={c.text}>{t('restore.text')}</p>
            {field}
          </>
        ) : (
          <>
            <Plan plan={plan} />
            <Decisions
              {...{ plan, missingFiles, keepEnded, vaultPassphrase }}
              onMissingFiles={setMissingFiles}
              onKeepEnded={setKeepEnded}
              onVaultPassphrase={setVaultPassphrase}
            />
            <p className={c.text}>{t('restore.replaces')}</p>
          </>
        )}
        <Failure error={plan === null ? look.error : restore.error} />
        <Foot isPlanned={plan !== null} isRunning={look.isRunning || restore.isRunning} {...{ isGiven, onClose }} />
      </form>
    </Modal>
  )
}
