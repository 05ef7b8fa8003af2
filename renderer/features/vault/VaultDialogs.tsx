import { Button, FileInput, Modal, PasswordInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { VaultBackup, VaultImport, VaultStatus } from '../../../shared/contract'
import { client } from '../../api/client'
import { api, queryClient } from '../../api/query'
import { Failure } from '../../api/Failure'
import { saveFile } from '../../ui/save-file'
import { StatusLabel } from '../../ui/Status'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { useSecretCall } from '../../api/useSecretCall'
import { describeReason } from '../../i18n'
import c from '../../ui/Sheet.module.css'

const leastLength = 8

interface FrameProps {
  title: string
  text: ReactNode
  confirm: string
  isBusy: boolean
  error: unknown
  onSubmit: () => void
  onClose: () => void
  children?: ReactNode
}

/** One form in a dialog: what it does, its fields, what failed, and the two buttons. */
function Frame({ title, text, confirm, isBusy, error, onSubmit, onClose, children }: FrameProps) {
  const { t } = useTranslation()
  useReturnFocus()
  return (
    <Modal opened onClose={onClose} title={title} size={480}>
      <form
        className={c.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit()
        }}
      >
        <p className={c.text}>{text}</p>
        {children}
        <Failure error={error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {confirm}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}

/** A passphrase, and the same again where it is a new one. `isSound` once both may be sent. */
function usePassphrase(isNew: boolean) {
  const { t } = useTranslation('credentials')
  const [passphrase, setPassphrase] = useState('')
  const [repeated, setRepeated] = useState('')
  const [isChecked, setChecked] = useState(false)
  const isShort = passphrase.length < leastLength
  const differs = isNew && passphrase !== repeated
  const fields = (
    <>
      <PasswordInput
        label={t('vault.passphrase')}
        description={isNew ? t('vault.rule') : undefined}
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
        error={isChecked && isShort && t('vault.tooShort')}
        autoComplete={isNew ? 'new-password' : 'current-password'}
      />
      {isNew && (
        <PasswordInput
          label={t('vault.repeat')}
          value={repeated}
          onChange={(event) => setRepeated(event.currentTarget.value)}
          error={isChecked && !isShort && differs && t('vault.differs')}
          autoComplete="new-password"
        />
      )}
    </>
  )
  const check = () => {
    setChecked(true)
    return !isShort && !differs
  }
  return { passphrase, fields, check }
}

const showStatus = (status: VaultStatus) => {
  queryClient.setQueryData(api.vault.status.queryKey(), status)
  void queryClient.invalidateQueries({ queryKey: api.vault.backups.key() })
  void queryClient.invalidateQueries({ queryKey: api.credentials.key() })
}

/** A new passphrase for the vault; the present one is asked where there is one. */
export function KeeperDialog({ keeper, onClose }: { keeper: VaultStatus['keeper']; onClose: () => void }) {
  const { t } = useTranslation('vault')
  const [current, setCurrent] = useState('')
  const next = usePassphrase(true)
  const change = useSecretCall(client.vault.changeKeeper)
  const submit = () => {
    if (!next.check()) return
    const asked = keeper === 'passphrase' ? { current } : {}
    void change.run({ passphrase: next.passphrase, ...asked }, (status) => {
      showStatus(status)
      showDone(t('change.done'))
      onClose()
    })
  }
  return (
    <Frame
      title={t(keeper === 'passphrase' ? 'changePassphrase' : 'setPassphrase')}
      text={t('change.text')}
      confirm={t('change.confirm')}
      isBusy={change.isRunning}
      error={change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {keeper === 'passphrase' && (
        <PasswordInput
          label={t('change.current')}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          autoComplete="current-password"
          data-autofocus
        />
      )}
      {next.fields}
    </Frame>
  )
}

/** The vault as a file that a passphrase of its own opens. */
export function ExportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('vault')
  const own = usePassphrase(true)
  const exporting = useSecretCall(client.vault.export)
  const submit = () => {
    if (!own.check()) return
    void exporting.run({ passphrase: own.passphrase }, (file) => {
      saveFile(file)
      showDone(t('export.done'))
      onClose()
    })
  }
  return (
    <Frame
      title={t('export.title')}
      text={t('export.text')}
      confirm={t('export.confirm')}
      isBusy={exporting.isRunning}
      error={exporting.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {own.fields}
    </Frame>
  )
}

/** Adds the credentials of an exported vault, and says what became of each. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('vault')
  const [file, setFile] = useState<File | null>(null)
  const [isChecked, setChecked] = useState(false)
  const [result, setResult] = useState<VaultImport | null>(null)
  const own = usePassphrase(false)
  const importing = useSecretCall(client.vault.import)
  const submit = () => {
    if (result) {
      onClose()
      return
    }
    setChecked(true)
    if (!own.check() || !file) return
    void importing.run({ file, passphrase: own.passphrase }, (done) => {
      setResult(done)
      void queryClient.invalidateQueries({ queryKey: api.credentials.key() })
    })
  }
  return (
    <Frame
      title={t('import.title')}
      text={t('import.text')}
      confirm={t(result ? 'import.close' : 'import.confirm')}
      isBusy={importing.isRunning}
      error={importing.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {result ? (
        <ul className={c.list} aria-label={t('import.result')}>
          {result.credentials.map(({ id, outcome, reason }) => (
            <li key={id}>
              <span className="mono">{id}</span>
              <StatusLabel
                of={outcome === 'added' ? 'ready' : 'notice'}
                word={t(`import.outcomes.${outcome}`)}
                detail={reason && describeReason(reason).message}
              />
            </li>
          ))}
        </ul>
      ) : (
        <>
          <FileInput
            label={t('import.file')}
            placeholder={t('import.choose')}
            accept="application/json,.json"
            value={file}
            onChange={setFile}
            error={isChecked && !file && t('import.missing')}
          />
          {own.fields}
        </>
      )}
    </Frame>
  )
}

interface RestoreProps {
  backup: VaultBackup
  /** The vault is closed, so that the backup must be opened by the passphrase of its time. */
  asksPassphrase: boolean
  onClose: () => void
}

/** Takes the vault as it lies: an older state of it, or none although there are backups. */
export function AcceptDialog({ which, onClose }: { which: 'older' | 'empty'; onClose: () => void }) {
  const { t } = useTranslation('vault')
  const accepting = useSecretCall(() => client.vault.accept())
  const submit = () =>
    void accepting.run(undefined, (status) => {
      showStatus(status)
      showDone(t(`accept.${which}.done`))
      onClose()
    })
  return (
    <Frame
      title={t(`accept.${which}.title`)}
      text={t(`accept.${which}.text`)}
      confirm={t(`accept.${which}.confirm`)}
      isBusy={accepting.isRunning}
      error={accepting.error}
      onSubmit={submit}
      onClose={onClose}
    />
  )
}

/** Takes the vault back to a backup. */
export function RestoreDialog({ backup, asksPassphrase, onClose }: RestoreProps) {
  const { t } = useTranslation('vault')
  const time = new Date(backup.at).toLocaleString()
  const own = usePassphrase(false)
  const restoring = useSecretCall(client.vault.restore)
  const submit = () => {
    if (asksPassphrase && !own.check()) return
    const asked = asksPassphrase ? { passphrase: own.passphrase } : {}
    void restoring.run({ id: backup.id, ...asked }, (status) => {
      showStatus(status)
      showDone(t('restore.done', { time }))
      onClose()
    })
  }
  return (
    <Frame
      title={t('restore.title')}
      text={t('restore.text', { time })}
      confirm={t('restore.confirm')}
      isBusy={restoring.isRunning}
      error={restoring.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {asksPassphrase && own.fields}
    </Frame>
  )
}
