import type { Gpu, GpuReport } from '../../../shared/contract'
import { describeReason } from '../../i18n'
import { StatusIcon } from '../../ui/Status'
import c from './Gpu.module.css'

type Warning = NonNullable<Gpu['warning']>

/** What is wrong with a card, or with reading the cards, and what to do. */
export function GpuWarning({ warning }: { warning: Warning }) {
  const { message, hint } = describeReason(warning)
  return (
    <div className={c.warning} role="alert">
      <StatusIcon of="warning" size={16} />
      <p>
        <b>{message}</b> {hint}
      </p>
    </div>
  )
}

/** What a report says beside its cards: why it is old, or what is wrong with a card that it does not list. */
export function reportWarning(report: GpuReport | null): Warning | null {
  if (!report?.reason || report.gpus.length === 0) return null
  const isOnCard = report.gpus.some(({ warning }) => warning?.message === report.reason?.message)
  return isOnCard ? null : report.reason
}
