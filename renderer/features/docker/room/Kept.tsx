import { useTranslation } from 'react-i18next'
import type { RoomKept } from '../../../../shared/contract'
import { formatList, formatSize } from '../../../i18n/format'
import { Ago } from '../../../ui/Ago'
import c from './Room.module.css'

/** What no container is of and is kept all the same, folded, each with its reason. */
export function Kept({ kept, unread }: { kept: RoomKept[]; unread: string[] }) {
  const { t } = useTranslation('room')
  if (kept.length === 0) return null
  return (
    <details className={c.kept}>
      <summary>{t('kept.title', { count: kept.length })}</summary>
      <ul>
        {kept.map(({ name, why, until, sizeBytes }) => (
          <li key={`${name} ${why}`}>
            <span className="mono">{name}</span>
            <span className={c.why}>
              {t(`kept.${why}`, { projects: formatList(unread) })}
              {why === 'undo' && until !== null && (
                <>
                  {' '}
                  {t('kept.until')} <Ago at={until} />
                </>
              )}
            </span>
            <span className={c.figure}>{sizeBytes === null ? t('unknown') : formatSize(sizeBytes)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
