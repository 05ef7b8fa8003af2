import { useTranslation } from 'react-i18next'
import { formatTenths } from '../../../i18n/format'
import { inTenths, type Spent } from './phases'
import c from './Timings.module.css'

/** Where the time went, as one bar; the words below carry the numbers. */
export function Timings({ spent, isRunning = false }: { spent: Spent; isRunning?: boolean }) {
  const { t } = useTranslation('studio')
  const shown = inTenths(spent)
  const phases = shown.phases.map((phase) => ({
    ...phase,
    label: t(`phase.${phase.kind}`),
    text: formatTenths(phase.tenths / 10),
  }))
  const total = t(isRunning ? 'timings.soFar' : 'timings.inAll', { seconds: formatTenths(shown.total / 10) })
  if (phases.length === 0) return null
  return (
    <div className={c.timings}>
      <div
        className={c.timeBar}
        data-tells
        role="img"
        aria-label={phases.map(({ label, text }) => `${label} ${text} s`).join(', ')}
      >
        {phases.map(({ kind, ms }) => (
          <span key={kind} data-kind={kind} style={{ flexGrow: ms }} />
        ))}
      </div>
      <ul>
        {phases.map(({ kind, label, text }) => (
          <li key={kind}>
            <i data-kind={kind} data-tells />
            {label} <b>{text} s</b>
          </li>
        ))}
        <li className={c.total}>{total}</li>
      </ul>
    </div>
  )
}
