import {
  IconCircleDashed,
  IconClock,
  IconDoor,
  IconHelpCircle,
  IconLock,
  IconLockOpen2,
  IconPlugConnectedX,
  type Icon,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ExposureCell, ExposureTest, ExposureVerdict } from '../../../shared/contract'
import { Panel } from '../../ui/Panel'
import c from './Exposure.module.css'

const icons: Record<ExposureVerdict | 'waiting', Icon> = {
  guarded: IconLock,
  open: IconDoor,
  exposed: IconLockOpen2,
  absent: IconCircleDashed,
  unreachable: IconPlugConnectedX,
  unclear: IconHelpCircle,
  waiting: IconClock,
}

function Cell({ cell }: { cell: ExposureCell | undefined }) {
  const { t } = useTranslation('exposure')
  const verdict = cell?.verdict ?? 'waiting'
  const I = icons[verdict]
  return (
    <span className={c.cell} data-verdict={verdict} title={cell?.tookMs == null ? undefined : `${cell.tookMs} ms`}>
      <I size={15} stroke={1.8} aria-hidden />
      <span>{t(`verdict.${verdict}`)}</span>
      {verdict !== 'unreachable' && cell && <span className="mono">{cell.got}</span>}
    </span>
  )
}

/** Every question and its answer, by address. Addresses where nothing listens are named in their head alone. */
export function ExposureTable({ test }: { test: ExposureTest }) {
  const { t } = useTranslation('exposure')
  return (
    <Panel title={t('table')} flush>
      <div className={c.scroll} tabIndex={0} role="region" aria-label={t('table')}>
        <table className={c.table}>
          <thead>
            <tr>
              <th scope="col">{t('column.surface')}</th>
              <th scope="col">{t('column.with')}</th>
              <th scope="col" className={c.expected}>
                {t('column.expected')}
              </th>
              {test.origins.map(({ address, scope, answers }) => (
                <th scope="col" key={address}>
                  <span className={`mono ${c.address}`}>{address}</span>
                  <small>
                    {t(`scope.${scope}`)}
                    {answers === false && ` · ${t('silent')}`}
                  </small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {test.rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  <span className="mono">{row.surface}</span>
                  <small>{t(`purpose.${row.purpose}`)}</small>
                </th>
                <td className="mid">{t(`with.${row.with}`)}</td>
                <td className={`mid ${c.expected}`}>{t(`expected.${row.expected}`)}</td>
                {test.origins.map(({ address }, index) => (
                  <td key={address}>
                    <Cell cell={row.cells[index]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
