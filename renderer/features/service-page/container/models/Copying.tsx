import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelsMove } from '../../../../../shared/contract'
import { api } from '../../../../api/query'
import { describeReason } from '../../../../i18n'
import { formatSize, formatSpan } from '../../../../i18n/format'
import { ConfirmDialog } from '../../../../ui/ConfirmDialog'
import { StatusLabel } from '../../../../ui/Status'
import c from './Models.module.css'
import type { FolderProps } from './folder-props'

/** The copy into a volume: asked for, as it goes on, and why it ended before it was whole. */
export function Copying({ service, folder, isBusy, keep }: FolderProps) {
  const { t } = useTranslation('models')
  const [isAsking, setAsking] = useState(false)
  const input = { id: service.id, target: folder.target }
  const begin = useMutation(api.modelsDrive.begin.mutationOptions({ onSuccess: keep }))
  const cancel = useMutation(api.modelsDrive.cancel.mutationOptions({ onSuccess: keep }))
  const { copy } = folder
  if (copy?.state === 'copying' || copy?.state === 'verifying')
    return (
      <div className={c.under}>
        <Bar copy={copy} />
        <Button variant="default" size="compact-sm" loading={cancel.isPending} onClick={() => cancel.mutate(input)}>
          {t('copy.cancel')}
        </Button>
      </div>
    )
  return (
    <div className={c.under}>
      {copy && <Ended copy={copy} />}
      <Button variant="light" disabled={isBusy} loading={begin.isPending} onClick={() => setAsking(true)}>
        {t(copy ? 'copy.goOn' : 'copy.begin')}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t('ask.title')}
        confirm={t('ask.confirm')}
        busy={begin.isPending}
        onConfirm={() => begin.mutate({ ...input, wait: false }, { onSettled: () => setAsking(false) })}
      >
        <p>{t('ask.copy')}</p>
        <p>{t('ask.after')}</p>
      </ConfirmDialog>
    </div>
  )
}

function Bar({ copy }: { copy: ModelsMove }) {
  const { t } = useTranslation('models')
  const { state, copiedBytes, verifiedBytes, totalBytes, bytesPerS, current } = copy
  const done = state === 'verifying' ? verifiedBytes : copiedBytes
  const part = totalBytes === 0 ? 0 : Math.floor((done / totalBytes) * 100)
  const left = bytesPerS ? ((totalBytes - done) / bytesPerS) * 1000 : null
  const words = { done: formatSize(done), total: formatSize(totalBytes) }
  return (
    <div className={c.progress}>
      <StatusLabel of="running" word={t(state === 'verifying' ? 'copy.verifying' : 'copy.copying')} />
      <div
        className={c.bar}
        role="progressbar"
        aria-label={t(state === 'verifying' ? 'copy.verifying' : 'copy.copying')}
        aria-valuenow={part}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span style={{ width: `${part}%` }} />
      </div>
      <span className="num">
        {t('copy.done', words)}
        {bytesPerS !== null && ` · ${t('copy.rate', { rate: formatSize(bytesPerS) })}`}
        {left !== null && ` · ${t('copy.left', { span: formatSpan(left) })}`}
      </span>
      {current !== null && <span className={`mono ${c.quiet}`}>{current}</span>}
    </div>
  )
}

function Ended({ copy: { state, reason, copiedBytes, totalBytes } }: { copy: ModelsMove }) {
  const { t } = useTranslation('models')
  const words = reason && describeReason(reason)
  const sizes = { done: formatSize(copiedBytes), total: formatSize(totalBytes) }
  if (state !== 'failed' && state !== 'cancelled' && state !== 'interrupted') return null
  return (
    <div className={c.progress} role={state === 'failed' ? 'alert' : undefined}>
      <StatusLabel of={state === 'failed' ? 'failed' : 'cancelled'} word={t(`copy.${state}`, sizes)} />
      {words && <p className={c.text}>{`${words.message} ${words.hint}`}</p>}
    </div>
  )
}
