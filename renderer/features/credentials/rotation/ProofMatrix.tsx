import { IconCheck, IconLoader2, IconMinus, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ProofCell, ProofRow } from '../../../../shared/contract'
import c from './Rotation.module.css'

const icons: Record<ProofCell['state'], React.ReactNode> = {
  pass: <IconCheck size={14} stroke={2.4} aria-hidden />,
  fail: <IconX size={14} stroke={2.4} aria-hidden />,
  probing: <IconLoader2 size={14} className="turning" aria-hidden />,
  waiting: <IconMinus size={14} aria-hidden />,
  'not-counted': <IconMinus size={14} aria-hidden />,
}

function Cell({ cell }: { cell: ProofCell }) {
  const { t } = useTranslation('credentials')
  const waiting = cell.state === 'probing' || cell.state === 'waiting' ? cell.state : null
  const answer = cell.got ?? t('proof.silence')
  const isUnasked = cell.state === 'not-counted' && cell.got === null
  const label = isUnasked
    ? t('proof.cell.not-asked')
    : t(`proof.cell.${cell.state}`, { expect: cell.expect, got: answer })
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

/** What the column expects: a code, or to be let in or refused, which surfaces say with different codes. */
function Expected({ cells, as }: { cells: ProofCell[]; as: 'in' | 'out' }) {
  const { t } = useTranslation('credentials')
  const codes = [...new Set(cells.map((cell) => cell.expect))]
  return (
    <small>
      {codes.length === 1
        ? t('proof.expect', { code: codes[0] })
        : t(as === 'in' ? 'proof.expectIn' : 'proof.expectOut')}
    </small>
  )
}

interface ProofMatrixProps {
  rows: readonly ProofRow[]
  /** Codes only, without times and purposes. */
  dense?: boolean
  /** What is let in: the new secret of a rotation, or the one in force. */
  fresh: 'new' | 'current'
}

/** The proof: on every protected surface no, a made-up and the old credential are refused, the new one is let in. */
export function ProofMatrix({ rows, dense = false, fresh }: ProofMatrixProps) {
  const { t } = useTranslation('credentials')
  const isOfMany = new Set(rows.map((row) => row.serviceId)).size > 1
  return (
    <table className={c.proof} data-dense={dense || undefined}>
      <thead>
        <tr>
          <th scope="col">{t('proof.surface')}</th>
          <th scope="col">
            {t(dense ? 'proof.noneShort' : 'proof.none')}
            <Expected cells={rows.map((row) => row.none)} as="out" />
          </th>
          <th scope="col">
            {t('proof.wrong')}
            <Expected cells={rows.map((row) => row.wrong)} as="out" />
          </th>
          <th scope="col">
            {t('proof.old')}
            <Expected cells={rows.map((row) => row.old)} as="out" />
          </th>
          <th scope="col">
            {t(`proof.${fresh}`)}
            <Expected cells={rows.map((row) => row.fresh)} as="in" />
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.serviceId} ${row.surface}`}>
            <th scope="row" title={t(`proof.purpose.${row.purpose}`)}>
              <span className="mono">{row.surface}</span>
              <small data-purpose={row.purpose}>
                {t(`proof.purpose.${row.purpose}`)}
                {isOfMany && `, ${row.serviceId}`}
              </small>
            </th>
            <Cell cell={row.none} />
            <Cell cell={row.wrong} />
            <Cell cell={row.old} />
            <Cell cell={row.fresh} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}
