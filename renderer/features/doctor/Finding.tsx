import { useTranslation } from 'react-i18next'
import type { DoctorFinding, DoctorLine } from '../../../shared/contract'
import { describeLine } from '../../i18n'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import c from './Doctor.module.css'

/** What was found out, line by line; a line without translation is shown in English. */
export function EvidenceLines({ lines }: { lines: readonly DoctorLine[] }) {
  useTranslation('doctor') // Shown anew when the language changes.
  return (
    <ul className={c.lines}>
      {lines.map((line, index) => (
        <li key={index}>{describeLine('doctor', `line.${line.line}`, line)}</li>
      ))}
    </ul>
  )
}

const marks: Record<DoctorFinding['state'], StatusKey> = {
  cause: 'failed',
  present: 'warning',
  'ruled-out': 'proven',
  unknown: 'unknown',
}

/** One line of the walk: a cause, how it stands, and on demand what tells so. */
export function WalkedCause({ finding: { cause, state, evidence } }: { finding: DoctorFinding }) {
  const { t } = useTranslation('doctor')
  return (
    <li>
      <details className={c.walked}>
        <summary>
          <StatusIcon of={marks[state]} />
          <span className={c.causeName}>{t(`cause.${cause}`)}</span>
          <span className={c.causeState}>{t(`state.${state}`)}</span>
        </summary>
        <EvidenceLines lines={evidence} />
      </details>
    </li>
  )
}
