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
import { useKey } from './key'
import { show } from './show'

/** What restoring would change: figures beside each other, and the files outside. */
function Plan({ plan }: { plan: RestorePlan }) {
  const { t } = useTranslation('backups')
  const { version, platform, dataFolder, counts, outside, withPictures } = plan
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
        <section aria-label={t('restore.outside')}>
          <b>{t('restore.outside')}</b>
          <ul className={c.files}>
            {outside.map(({ path, state }) => (
              <li key={path}>
                <code className="mono">{path}</code>
                <span>{t(`restore.states.${state}`)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

interface DecisionsProps {
  plan: RestorePlan
  missingFiles: boolean
  vaultPassphrase: string
  onMissingFiles: (areWritten: boolean) => void
  onVaultPassphrase: (text: string) => void
}

/** What a person decides beside: the files outside that are missing, and who keeps the vault. */
function Decisions({ plan, missingFiles, vaultPassphrase, onMissingFiles, onVaultPassphrase }: DecisionsProps) {
  const { t } = useTranslation('backups')
  return (
    <>
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

/** Shows what restoring would change, then makes it ready for the next start. Mount it while it is open. */
export function RestoreDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { t } = useTranslation(['backups', 'common'])
  const { key, field, isGiven } = useKey(backup)
  const [plan, setPlan] = useState<RestorePlan | null>(null)
  const [vaultPassphrase, setVaultPassphrase] = useState('')
  const [missingFiles, setMissingFiles] = useState(false)
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
    void restore.run({ name, key, missingFiles, ...asked }, (backups) => {
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
              {...{ plan, missingFiles, vaultPassphrase }}
              onMissingFiles={setMissingFiles}
              onVaultPassphrase={setVaultPassphrase}
            />
            <p className={c.text}>{t('restore.replaces')}</p>
          </>
        )}
        <Failure error={plan === null ? look.error : restore.error} />
        <footer className={c.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={look.isRunning || restore.isRunning} disabled={!isGiven}>
            {plan === null ? t('restore.look') : t('restore.confirm')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
