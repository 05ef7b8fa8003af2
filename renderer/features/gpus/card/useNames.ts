import { useTranslation } from 'react-i18next'
import { usePersonName } from '../../../api/usePersonName'
import { useServiceName } from '../../../api/useServiceName'

/** What services and people are called. */
export interface Names {
  service: (id: string) => string
  /** Null: one who is not told to whoever looks. */
  person: (account: string | null) => string
}

export function useNames(): Names {
  const { t } = useTranslation('card')
  const nameOf = usePersonName()
  return {
    service: useServiceName(),
    person: (account) => (account === null ? t('waiting.someone') : nameOf(account)),
  }
}
