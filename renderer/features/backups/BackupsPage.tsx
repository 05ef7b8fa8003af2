import { Button } from '@mantine/core'
import { IconArchive } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backups } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { useSession } from '../../api/useSession'
import { describeReason } from '../../i18n'
import { formatExact, formatSize } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { CodeBlock } from '../../ui/CodeBlock'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { Meter } from '../../ui/Meter'
import { Page } from '../../ui/Page'
import { Facts, Panel, PanelAction } from '../../ui/Panel'
import { StatusIcon } from '../../ui/Status'
import { showDone } from '../../ui/toast'
import { hrefOf } from '../../ui/route'
import { useNow } from '../../ui/useNow'
import c from './Backups.module.css'
import { BackupList } from './BackupList'
import { SettingsDialog } from './SettingsDialog'
import { show } from './show'

type Restoring = NonNullable<Backups['restoring']>

const isSetUp = ({ settings }: Backups) => settings.folder !== null && settings.opensBy !== null

function useLead({ settings, nextAt }: Backups): string {
  const { t } = useTranslation('backups')
  const now = useNow()
  if (settings.folder === null || settings.opensBy === null) return t('lead.unset')
  if (nextAt === null) return t('lead.off')
  return nextAt <= now ? t('lead.soon') : t('lead.next', { at: formatExact(nextAt) })
}

const Lead = ({ backups }: { backups: Backups }) => useLead(backups)

function Run({ run }: { run: NonNullable<Backups['run']> }) {
  const { t } = useTranslation('backups')
  const cancel = useMutation(api.backups.cancel.mutationOptions({ onSuccess: show }))
  const { act, step, bytes, ofBytes } = run
  return (
    <Panel title={t(`run.${act}`)}>
      <div className={c.run} role="status">
        <Meter label={t(`run.step.${step}`)} used={Math.min(bytes, ofBytes)} limit={ofBytes === 0 ? null : ofBytes}>
          {ofBytes === 0 ? '' : t('run.of', { done: formatSize(bytes), all: formatSize(ofBytes) })}
        </Meter>
        <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
          {t('run.cancel')}
        </Button>
      </div>
    </Panel>
  )
}

/** How the panel is started again from where its page cannot do it. */
function HowToRestart({ command }: { command: string | null }) {
  const { t } = useTranslation('backups')
  if (command === null) return <p className={c.text}>{t('ready.byHand')}</p>
  return (
    <>
      <p className={c.text}>{t('ready.byCommand')}</p>
      <CodeBlock name={t('ready.command')} copyLabel={t('ready.copyCommand')}>
        {command}
      </CodeBlock>
    </>
  )
}

/** A restoring that the next start does. */
function Ready({ restoring, restartCommand }: Pick<Backups, 'restartCommand'> & { restoring: Restoring }) {
  const { t } = useTranslation('backups')
  const isDesktop = useSession().data?.door === 'desktop'
  const [isAsking, setAsking] = useState(false)
  const restart = useMutation(api.system.restart.mutationOptions({ meta: { quiet: true } }))
  const discard = useMutation(
    api.backups.discard.mutationOptions({
      onSuccess(backups) {
        show(backups)
        showDone(t('ready.discarded'))
      },
    }),
  )
  return (
    <Panel title={t('ready.title')}>
      <p className={c.text}>{t('ready.text', { at: formatExact(restoring.backupAt) })}</p>
      {!isDesktop && <HowToRestart command={restartCommand} />}
      <Failure error={discard.error ?? restart.error} />
      <div className={c.buttons}>
        {isDesktop && (
          <Button loading={restart.isPending || restart.isSuccess} onClick={() => setAsking(true)}>
            {t('ready.restart')}
          </Button>
        )}
        <Button variant="default" loading={discard.isPending} onClick={() => discard.mutate(undefined)}>
          {t('ready.discard')}
        </Button>
      </div>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          restart.mutate(undefined)
        }}
        title={t('ready.restart')}
        confirm={t('ready.restart')}
      >
        {t('ready.restartText')}
      </ConfirmDialog>
    </Panel>
  )
}

function Failed({ title, reason }: { title: string; reason: NonNullable<Backups['folderReason']> }) {
  const { message, hint } = describeReason(reason)
  return (
    <Panel title={title}>
      <p className={c.failed}>
        <StatusIcon of="warning" size={18} />
        <span>{`${message} ${hint}`}</span>
      </p>
    </Panel>
  )
}

function Settings({ backups, onEdit }: { backups: Backups; onEdit: () => void }) {
  const { t } = useTranslation('backups')
  const { folder, daily, keep, withPictures, opensBy } = backups.settings
  return (
    <Panel title={t('settings.title')} action={<PanelAction onClick={onEdit}>{t('settings.edit')}</PanelAction>}>
      <Facts
        labelWidth={112}
        rows={[
          [t('settings.folder'), folder ?? t('settings.none')],
          [t('settings.schedule'), daily === null ? t('settings.manual') : t('settings.daily', { time: daily })],
          [t('settings.keep'), t('settings.kept', { ...keep })],
          [t('settings.pictures'), withPictures ? t('settings.with') : t('settings.without')],
          [t('settings.opens'), opensBy === null ? t('settings.nothing') : t(`settings.${opensBy}`)],
          [t('settings.last'), backups.lastMade === null ? t('settings.never') : <Ago at={backups.lastMade} />],
        ]}
      />
    </Panel>
  )
}

function Content({ backups }: { backups: Backups }) {
  const { t } = useTranslation('backups')
  const [isEditing, setEditing] = useState(false)
  const { run, restoring, failed, folderReason, settings } = backups
  return (
    <div className={c.grid}>
      <div className={c.column}>
        {restoring && <Ready restoring={restoring} restartCommand={backups.restartCommand} />}
        {run && <Run run={run} />}
        {folderReason && <Failed title={t('settings.folder')} reason={folderReason} />}
        {failed && !run && <Failed title={t('failed.title')} reason={failed.reason} />}
        <BackupList backups={backups} onSetUp={() => setEditing(true)} />
      </div>
      <Settings backups={backups} onEdit={() => setEditing(true)} />
      {isEditing && <SettingsDialog settings={settings} onClose={() => setEditing(false)} />}
    </div>
  )
}

function Make({ backups }: { backups: Backups }) {
  const { t } = useTranslation('backups')
  const make = useMutation(
    api.backups.make.mutationOptions({
      onSuccess(started) {
        show(started)
        showDone(t('makeStarted'))
      },
    }),
  )
  return (
    <Button
      leftSection={<IconArchive size={16} stroke={1.6} />}
      loading={make.isPending}
      disabled={!isSetUp(backups) || backups.run !== null}
      onClick={() => make.mutate(undefined)}
    >
      {t('make')}
    </Button>
  )
}

/** Backups of everything that Regie knows: which there are, how they are made, and the way back. */
export default function BackupsPage() {
  const { t } = useTranslation(['backups', 'common'])
  const backups = useQuery(api.backups.read.queryOptions())
  return (
    <Page
      title={t('title')}
      parent={{ label: t('common:nav.settings'), href: hrefOf('settings') }}
      lead={backups.data && <Lead backups={backups.data} />}
      actions={backups.data && <Make backups={backups.data} />}
    >
      <Loaded query={backups}>{(data) => <Content backups={data} />}</Loaded>
    </Page>
  )
}
