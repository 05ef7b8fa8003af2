import { useTranslation } from 'react-i18next'
import type { WorkflowInput } from '../../../../../shared/contract'

export interface Labels {
  /** What an input is called: its own label, and where it has none, the usual name of what it is. */
  nameOf: (input: WorkflowInput) => string
}

/** What inputs are called, in the language on screen. */
export function useLabels(): Labels {
  const { t } = useTranslation('workflow')
  return {
    nameOf: ({ role, label, input }) => (role !== null && label === input ? t(`role.${role}`) : label),
  }
}
