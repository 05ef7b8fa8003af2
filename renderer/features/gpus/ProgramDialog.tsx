import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GpuProgram, GpuReport } from '../../../shared/contract'
import { api } from '../../api/query'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { describeReason } from '../../i18n'
import { Failure } from '../../api/Failure'
import { StatusIcon } from '../../ui/Status'
import { showDone } from '../../ui/toast'
import dialog from '../../ui/Dialog.module.css'
import c from './Gpu.module.css'

const examples = { windows: 'C:\\Windows\\System32\\nvidia-smi.exe', others: '/usr/lib/wsl/lib/nvidia-smi' } as const

/** The program was kept, although its cards have not been heard of. */
function Unheard({ report }: { report: GpuReport }) {
  const { t } = useTranslation('gpus')
  return (
    <div className={c.warning} role="alert">
      <StatusIcon of="warning" size={16} />
      {report.reason ? (
        <p>
          <b>{describeReason(report.reason).message}</b> {describeReason(report.reason).hint} {t('program.kept')}
        </p>
      ) : (
        <p>{t('program.waiting')}</p>
      )}
    </div>
  )
}

/** Names the program that is asked about the GPUs. What was named is asked at once, and kept where it can be run. */
export default function ProgramDialog({ program, onClose }: { program: GpuProgram; onClose: () => void }) {
  const { t } = useTranslation(['gpus', 'common'])
  useReturnFocus()
  const cache = useQueryClient()
  const [path, setPath] = useState(program.setting ?? '')
  const change = useMutation(
    api.gpus.setProgram.mutationOptions({
      meta: { quiet: true },
      onSuccess: ({ program: changed, report }) => {
        cache.setQueryData(api.gpus.program.queryKey(), changed)
        if (report.state !== 'live') return
        showDone(t('program.done', { count: report.gpus.length }))
        onClose()
      },
    }),
  )
  const { report } = change.data ?? {}
  const unheard = report?.state === 'live' ? undefined : report
  const isWindows = program.inUse?.includes('\\') ?? navigator.userAgent.includes('Windows')
  return (
    <Modal opened onClose={onClose} title={t('program.dialogTitle')} size={520}>
      <form
        className={dialog.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ program: path.trim() || null })
        }}
      >
        <p>{t('program.text')}</p>
        <TextInput
          label={t('program.label')}
          placeholder={isWindows ? examples.windows : examples.others}
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
        />
        <p>{t('program.power')}</p>
        <Failure error={change.error} />
        {unheard && <Unheard report={unheard} />}
        <footer className={dialog.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          {program.setting !== null && (
            <Button variant="default" onClick={() => change.mutate({ program: null })} disabled={change.isPending}>
              {t('program.reset')}
            </Button>
          )}
          <Button type="submit" loading={change.isPending} disabled={path.trim() === ''}>
            {t('program.use')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
