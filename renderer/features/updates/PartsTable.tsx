import { useTranslation } from 'react-i18next'
import type { UpdatePart } from '../../../shared/contract'
import { Panel } from '../../ui/Panel'
import c from './Updates.module.css'

const isChanged = ({ now, new: fresh }: UpdatePart) => now !== fresh

/** The parts of the stack before and after; what changes comes first. */
export function PartsTable({ parts, isOver = false }: { parts: readonly UpdatePart[]; isOver?: boolean }) {
  const { t } = useTranslation('updates')
  const changed = parts.filter(isChanged)
  const sorted = [...changed, ...parts.filter((part) => !isChanged(part))]
  return (
    <Panel
      title={t(isOver ? 'offer.changed' : 'offer.changes')}
      note={t('offer.changesNote', { changed: changed.length, count: parts.length })}
      flush
    >
      <table className={c.parts}>
        <thead>
          <tr>
            <th scope="col">{t('parts.part')}</th>
            <th scope="col">{t(isOver ? 'parts.before' : 'parts.now')}</th>
            <th scope="col">{t(isOver ? 'parts.now' : 'parts.new')}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((part) => (
            <tr key={`${part.id} ${part.name}`} data-changed={isChanged(part) || undefined}>
              <th scope="row">{part.id === 'stack' ? t('parts.stack') : part.name}</th>
              <td className="mono">{part.now ?? <span className={c.quiet}>{t('parts.missing')}</span>}</td>
              <td className="mono">
                {isChanged(part) ? (
                  (part.new ?? <span className={c.quiet}>{t('parts.removed')}</span>)
                ) : (
                  <span className={c.quiet}>{t('parts.same')}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
