import { useTranslation } from 'react-i18next'
import type { KeyUse } from '../../../shared/contract'
import { formatRelative } from '../../i18n/format'
import { clientName } from '../../ui/client-name'
import { useNow } from '../../ui/useNow'

/** Who used a key last: who will notice that it is gone. */
export function LastUse({ of }: { of: KeyUse | null }) {
  const { t } = useTranslation('keys')
  const now = useNow(60_000)
  if (of === null) return <p>{t('end.never')}</p>
  const client = clientName(of.client ?? '') || t('used.unknownClient')
  return <p>{t('end.used', { client, from: of.from, ago: formatRelative(of.at, now) })}</p>
}
