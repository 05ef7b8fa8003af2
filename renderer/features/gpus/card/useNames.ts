import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { serviceName } from '../../../../shared/service-name'
import { api } from '../../../api/query'
import { usePersonName } from '../../../api/usePersonName'

/** What services and people are called. */
export interface Names {
  service: (id: string) => string
  /** Null: one who is not told to whoever looks. */
  person: (account: string | null) => string
}

export function useNames(): Names {
  const { t } = useTranslation('card')
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const nameOf = usePersonName()
  return {
    service(id) {
      const service = services.find((one) => one.id === id)
      return service ? serviceName(service) : id
    },
    person: (account) => (account === null ? t('waiting.someone') : nameOf(account)),
  }
}
