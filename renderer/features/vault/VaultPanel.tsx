import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { VaultBackup, VaultStatus } from '../../../shared/contract'
import { api } from '../../api/query'
import { Ago } from '../../ui/Ago'
import { Facts, Panel } from '../../ui/Panel'
import { Loaded } from '../../api/Loaded'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import c from '../../ui/Sheet.module.css'
import { AcceptDialog, ExportDialog, ImportDialog, KeeperDialog, RestoreDialog } from './VaultDialogs'

type Dialog = 'keeper' | 'export' | 'import' | 'accept' | VaultBackup

/** What tells that there was a vault, where none can be read any more. */
const gone: ReadonlySet<string> = new Set(['vault.missing', 'vault.gone', 'vault.unreadable'])

/** What a vault that is not as it should be can be taken for, if somebody says so. */
const acceptableOf = ({ state, reason }: VaultStatus) => {
  if (state === 'open' || !reason) return null
  if (reason.problem === 'vault.rolled-back') return 'older'
  return gone.has(reason.problem) ? 'empty' : null
}

/** Who keeps the vault's key, and what keeps the vault from being lost. */
export function VaultPanel() {
  const { t } = useTranslation('vault')
  const status = useQuery(api.vault.status.queryOptions())
  if (!useIsAdmin()) return null
  return <Loaded query={status}>{(vault) => <Open vault={vault} title={t('title')} />}</Loaded>
}

function Open({ vault, title }: { vault: VaultStatus; title: string }) {
  const { t } = useTranslation('vault')
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const close = () => setDialog(null)
  const isOpen = vault.state === 'open'
  const acceptable = acceptableOf(vault)
  const why = vault.state === 'unreadable' && vault.reason ? describeReason(vault.reason) : null
  const button = (which: 'keeper' | 'export' | 'import', word: ReactNode) => (
    <Button variant="default" onClick={() => setDialog(which)} disabled={!isOpen}>
      {word}
    </Button>
  )
  return (
    <Panel title={title}>
      <Facts
        labelWidth={120}
        rows={[
          [t('state'), t(`states.${acceptable ? 'waiting' : vault.state}`)],
          [t('keeper'), t(`keepers.${vault.keeper}`)],
        ]}
      />
      {why && <p className={`${c.text} ${c.why}`}>{`${why.message} ${why.hint}`}</p>}
      {acceptable && (
        <div className={c.buttons}>
          <Button variant="default" onClick={() => setDialog('accept')}>
            {t(`accept.${acceptable}.open`)}
          </Button>
        </div>
      )}
      <div className={c.buttons}>
        {button('keeper', t(vault.keeper === 'passphrase' ? 'changePassphrase' : 'setPassphrase'))}
        {button('export', t('export.open'))}
        {button('import', t('import.open'))}
      </div>
      <Backups onRestore={setDialog} />
      {dialog === 'keeper' && <KeeperDialog keeper={vault.keeper} onClose={close} />}
      {dialog === 'export' && <ExportDialog onClose={close} />}
      {dialog === 'import' && <ImportDialog onClose={close} />}
      {dialog === 'accept' && acceptable && <AcceptDialog which={acceptable} onClose={close} />}
      {dialog !== null && typeof dialog === 'object' && (
        <RestoreDialog backup={dialog} asksPassphrase={!isOpen && vault.keeper === 'passphrase'} onClose={close} />
      )}
    </Panel>
  )
}

function Backups({ onRestore }: { onRestore: (backup: VaultBackup) => void }) {
  const { t } = useTranslation('vault')
  const backups = useQuery(api.vault.backups.queryOptions())
  return (
    <>
      <h3 className={c.subtitle}>{t('backups.title')}</h3>
      <p className={c.text}>{t('backups.text')}</p>
      <Loaded query={backups}>
        {(list) =>
          list.length === 0 ? (
            <p className={c.text}>{t('backups.none')}</p>
          ) : (
            <ul className={c.list}>
              {list.map((backup) => (
                <li key={backup.id}>
                  <Ago at={backup.at} />
                  <Button
                    variant="subtle"
                    color="gray"
                    size="compact-sm"
                    onClick={() => onRestore(backup)}
                    aria-label={t('backups.restoreOf', { time: new Date(backup.at).toLocaleString() })}
                  >
                    {t('backups.restore')}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  )
}
