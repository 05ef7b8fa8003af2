import { IconCpu, IconCpuOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { GpuReport } from '../../../shared/contract'
import { describeReason } from '../../i18n'
import { Loading, Empty } from '../../ui/States'

/** In place of GPUs: why there are none to show, and that everything else works. Null when there are some. */
export function GpuState({ report }: { report: GpuReport | null }) {
  const { t } = useTranslation('gpus')
  if (report === null || (report.state === 'starting' && report.gpus.length === 0)) return <Loading rows={3} />
  if (report.gpus.length > 0) return null
  const reason = report.reason && describeReason(report.reason)
  const absent = report.state === 'absent'
  return (
    <Empty icon={absent ? IconCpuOff : IconCpu} title={absent ? t('state.absentTitle') : t('state.noneTitle')}>
      {reason ? `${reason.message} ${reason.hint}` : t('state.noneText')}
    </Empty>
  )
}
