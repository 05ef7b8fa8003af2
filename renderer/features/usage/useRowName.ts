import { useTranslation } from 'react-i18next'
import type { UsageRow } from '../../../shared/contract'

type Named = Pick<UsageRow, 'id' | 'name' | 'user'>

/** What a row is called: as it is now, by its id once it is gone, and in words where something was done without a key. */
export function useRowName(): (row: Named) => string {
  const { t } = useTranslation('usage')
  return ({ id, name, user }) => {
    if (user === null) return name ?? id ?? t('unknown')
    const person = user.name ?? user.id
    return id === null ? t('withoutKey', { person }) : t('keyOf', { key: name ?? t('goneKey'), person })
  }
}
