import { Button } from '@mantine/core'
import { IconArchive, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backup, Backups } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { formatExact, formatSize } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { DotsButton } from '../../ui/DotsButton'
import { MenuButton } from '../../ui/MenuButton'
import { Panel } from '../../ui/Panel'
import { Empty } from '../../ui/States'
import { StatusLabel } from '../../ui/Status'
import c from './Backups.module.css'
import { FileList } from './FileList'
import { CheckDialog } from './CheckDialog'
import { RestoreDialog } from './RestoreDialog'
import { show } from './show'

function Checked({ checked }: { checked: Backup['checked'] }) {
  const { t } = useTranslation('backups')
  if (checked === null) return <StatusLabel of="absent" word={t('list.unchecked')} />
  const word = t(checked.by === 'made' ? 'list.checkedMade' : 'list.checkedKey')
  return <StatusLabel of="proven" word={word} detail={<Ago at={checked.at} />} />
}

/** What is missing from it; nothing for a complete one. */
function Lacks({ lacks, at }: { lacks: Backup['lacks']; at: string }) {
  const { t } = useTranslation('backups')
  if (lacks === null || lacks.count === 0) return null
  const { count, files } = lacks
  return (
    <>
      <StatusLabel of="warning" word={t('list.incomplete', { count })} />
      <FileList label={t('list.missing', { at })} files={files.map(({ path, why }) => [path, t(`leftOut.${why}`)])} />
      {count > files.length && <small>{t('list.more', { count: count - files.length })}</small>}
    </>
  )
}

/** What is known of it, in a line. */
function useFacts({ bytes, withPictures, opensBy, isOwn }: Backup): string {
  const { t } = useTranslation('backups')
  return [
    formatSize(bytes),
    ...(withPictures === null ? [] : [t(withPictures ? 'list.pictures' : 'list.noPictures')]),
    t(`list.${opensBy}`),
    ...(isOwn ? [] : [t('list.foreign')]),
  ].join(', ')
}

type Asking = 'check' | 'restore' | 'remove'

/** A button that is left alone while something goes on, and keeps the focus: a dialog gives it back while it is so. */
const busyProps = (isBusy: boolean) => (isBusy ? { 'aria-disabled': true, 'data-disabled': true } : {})

function Acts({ at, isBusy, ask }: { at: string; isBusy: boolean; ask: (what: Asking) => void }) {
  const { t } = useTranslation('backups')
  return (
    <span className={c.acts}>
      <Button
        variant="default"
        size="compact-sm"
        {...busyProps(isBusy)}
        onClick={() => isBusy || ask('restore')}
        aria-label={t('restore.title', { at })}
      >
        {t('list.restore')}
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        {...busyProps(isBusy)}
        onClick={() => isBusy || ask('check')}
        aria-label={t('list.checkOf', { at })}
      >
        {t('list.check')}
      </Button>
      <MenuButton
        entries={() => [
          {
            ...{ type: 'act', key: 'remove', label: t('list.remove'), icon: IconTrash, isBad: true },
            onClick: () => ask('remove'),
          },
        ]}
      >
        <DotsButton label={t('list.moreOf', { at })} />
      </MenuButton>
    </span>
  )
}

function Row({ backup, isBusy }: { backup: Backup; isBusy: boolean }) {
  const { t } = useTranslation('backups')
  const [asking, setAsking] = useState<Asking | null>(null)
  const close = () => setAsking(null)
  const remove = useMutation(api.backups.remove.mutationOptions({ onSuccess: show, onSettled: close }))
  const { name } = backup
  const at = formatExact(backup.at)
  const facts = useFacts(backup)
  return (
    <li>
      <span className={c.what}>
        <b>{at}</b>
        <small>{facts}</small>
        <Checked checked={backup.checked} />
        <Lacks lacks={backup.lacks} at={at} />
        <Failure error={remove.error} />
      </span>
      <Acts at={at} isBusy={isBusy} ask={setAsking} />
      {asking === 'check' && <CheckDialog backup={backup} onClose={close} />}
      {asking === 'restore' && <RestoreDialog backup={backup} onClose={close} />}
      <ConfirmDialog
        opened={asking === 'remove'}
        onClose={close}
        title={t('remove.title', { at })}
        confirm={t('remove.confirm')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ name })}
        dangerous
      >
        {t('remove.text', { name })}
      </ConfirmDialog>
    </li>
  )
}

/** The backups in the folder, newest first. */
export function BackupList({ backups, onSetUp }: { backups: Backups; onSetUp: () => void }) {
  const { t } = useTranslation('backups')
  const { list, settings, run, folderReason } = backups
  if (list.length > 0)
    return (
      <Panel title={t('list.title')} flush>
        <ul className={c.list}>
          {list.map((backup) => (
            <Row key={backup.name} backup={backup} isBusy={run !== null} />
          ))}
        </ul>
      </Panel>
    )
  if (folderReason !== null) return null
  const isSetUp = settings.folder !== null && settings.opensBy !== null
  return (
    <Panel title={t('list.title')}>
      <Empty
        icon={IconArchive}
        title={t('list.emptyTitle')}
        action={!isSetUp && <Button onClick={onSetUp}>{t('list.setUp')}</Button>}
      >
        {isSetUp ? t('list.emptyFolder') : t('list.empty')}
      </Empty>
    </Panel>
  )
}
