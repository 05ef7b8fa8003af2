import { ActionIcon, Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelDownload } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'
import { describeReason } from '../../i18n'
import { formatSize } from '../../i18n/format'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { Panel } from '../../ui/Panel'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import c from './Models.module.css'
import { formatLeft } from './show'

const looks: Record<ModelDownload['state'], StatusKey> = {
  waiting: 'waiting',
  running: 'running',
  verifying: 'running',
  paused: 'paused',
  failed: 'failed',
  done: 'succeeded',
}

const onSuccess = () => void queryClient.invalidateQueries({ queryKey: api.modelLibrary.downloads.key() })

/** How far it is, in words. */
function Figures({ download }: { download: ModelDownload }) {
  const { t } = useTranslation('library')
  const { state, doneBytes, bytes, bytesPerS, reason } = download
  const isFast = state === 'running' && bytesPerS !== null && bytesPerS > 0
  return (
    <span className={c.figures} data-warn={state === 'failed' || undefined}>
      <span className="num">{t('downloads.of', { done: formatSize(doneBytes), all: formatSize(bytes) })}</span>
      <small>
        {reason
          ? `${describeReason(reason).message} ${describeReason(reason).hint}`
          : isFast
            ? t('downloads.rate', {
                rate: formatSize(bytesPerS),
                time: formatLeft(((bytes - doneBytes) / bytesPerS) * 1000),
              })
            : t(`downloads.state.${state}`)}
      </small>
    </span>
  )
}

function Actions({ download, onDiscard }: { download: ModelDownload; onDiscard: () => void }) {
  const { t } = useTranslation('library')
  const { id, name, state } = download
  const pause = useMutation(api.modelLibrary.pause.mutationOptions({ onSuccess }))
  const resume = useMutation(api.modelLibrary.resume.mutationOptions({ onSuccess }))
  const canPause = state === 'waiting' || state === 'running' || state === 'verifying'
  const canResume = state === 'paused' || state === 'failed'
  return (
    <span className={c.loadActions}>
      {canPause && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlayerPause size={14} />}
          loading={pause.isPending}
          aria-label={t('downloads.pauseOf', { name })}
          onClick={() => pause.mutate({ id })}
        >
          {t('downloads.pause')}
        </Button>
      )}
      {canResume && (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconPlayerPlay size={14} />}
          loading={resume.isPending}
          aria-label={t('downloads.resumeOf', { name })}
          onClick={() => resume.mutate({ id })}
        >
          {t('downloads.resume')}
        </Button>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={t(state === 'done' ? 'downloads.dismissOf' : 'downloads.discardOf', { name })}
        onClick={onDiscard}
      >
        <IconX size={15} />
      </ActionIcon>
    </span>
  )
}

function Download({ download }: { download: ModelDownload }) {
  const { t } = useTranslation('library')
  const [isAsking, setAsking] = useState(false)
  const discard = useMutation(api.modelLibrary.discard.mutationOptions({ onSuccess }))
  const { id, name, folder, host, state, doneBytes, bytes } = download
  return (
    <li>
      <StatusIcon of={looks[state]} size={18} />
      <span className={c.two}>
        <span title={name}>{name}</span>
        <small title={folder}>{t('downloads.into', { folder: folder.split(/[\\/]/).at(-1) ?? folder, host })}</small>
      </span>
      <span
        className={c.track}
        role="progressbar"
        aria-label={t('downloads.progress', { name })}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor((doneBytes / bytes) * 100)}
        data-still={state !== 'running' || undefined}
      >
        <span style={{ width: `${(doneBytes / bytes) * 100}%` }} />
      </span>
      <Figures download={download} />
      <Actions download={download} onDiscard={() => (state === 'done' ? discard.mutate({ id }) : setAsking(true))} />
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t('downloads.ask.title')}
        confirm={t('downloads.ask.confirm')}
        dangerous
        busy={discard.isPending}
        onConfirm={() => discard.mutate({ id }, { onSettled: () => setAsking(false) })}
      >
        <p>{t('downloads.ask.text', { name })}</p>
      </ConfirmDialog>
    </li>
  )
}

/** Downloads, only while there are some. */
export function DownloadsPanel() {
  const { t } = useTranslation('library')
  const { data } = useQuery(api.modelLibrary.downloads.queryOptions())
  if (!data || data.length === 0) return null
  return (
    <Panel title={t('downloads.title')} flush>
      <ul className={c.downloads}>
        {data.map((download) => (
          <Download key={download.id} download={download} />
        ))}
      </ul>
    </Panel>
  )
}
