import { IconCheck, IconLoader2, IconMinus, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ProofCell, ProofRow } from '../../../shared/contract'
import c from './Rotation.module.css'

const icons: Record<ProofCell['state'], React.ReactNode> = {
  pass: <IconCheck size={14} stroke={2.4} aria-hidden />,
  fail: <IconX size={14} stroke={2.4} aria-hidden />,
  probing: <IconLoader2 size={14} className="turning" aria-hidden />,
  waiting: <IconMinus size={14} aria-hidden />,
}

function Cell({ cell }: { cell: ProofCell }) {
  const { t } = useTranslation('credentials')
  const waiting = cell.state === 'probing' || cell.state === 'waiting' ? cell.state : null
  const answer = cell.got ?? t('proof.silence')
  const label = t(`proof.cell.${cell.state}`, { expect: cell.expect, got: answer })
  return (
    <td data-state={cell.state} aria-label={label} title={label}>
      <span className={c.cell}>
        {icons[cell.state]}
        <b className="mono">{waiting ? cell.expect : (cell.got ?? '–')}</b>
        <small className="num">
          {waiting ? t(`proof.state.${waiting}`) : cell.tookMs !== null && `${cell.tookMs} ms`}
        </small>
      </span>
    </td>
  )
}

/** What the column expects: a code, or that it is let in, which surfaces say with different codes. */
function Expected({ cells }: { cells: ProofCell[] }) {
  const { t } = useTranslation('credentials')
  const codes = [...new Set(cells.map((cell) => cell.expect))]
  return <small>{codes.length === 1 ? t('proof.expect', { code: codes[0] }) : t('proof.expectIn')}</small>
}

interface ProofMatrixProps {
  rows: readonly ProofRow[]
  /** Codes only, without times and purposes. */
  dense?: boolean
  /** What stands in the place of the old secret: the one before, or a made-up one. */
  old: 'previous' | 'made-up'
}

/** The proof: on every protected surface, no credential and the old one are refused, the new one is let in. */
export function ProofMatrix({ rows, dense = false, old }: ProofMatrixProps) {
  const { t } = useTranslation('credentials')
  const isOfMany = new Set(rows.map((row) => row.serviceId)).size > 1
  return (
    <table className={c.proof} data-dense={dense || undefined}>
      <thead>
        <tr>
          <th scope="col">{t('proof.surface')}</th>
          <th scope="col">
            {t(dense ? 'proof.noneShort' : 'proof.none')}
            <Expected cells={rows.map((row) => row.none)} />
          </th>
          <th scope="col">
            {t(old === 'previous' ? 'proof.old' : 'proof.wrong')}
            <Expected cells={rows.map((row) => row.old)} />
          </th>
          <th scope="col">
            {t(old === 'previous' ? 'proof.new' : 'proof.current')}
            <Expected cells={rows.map((row) => row.fresh)} />
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.serviceId} ${row.surface}`}>
            <th scope="row" title={t(`proof.purpose.${row.purpose}`)}>
              <span className="mono">{row.surface}</span>
              <small>
                {t(`proof.purpose.${row.purpose}`)}
                {isOfMany && `, ${row.serviceId}`}
              </small>
            </th>
            <Cell cell={row.none} />
            <Cell cell={row.old} />
            <Cell cell={row.fresh} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}
