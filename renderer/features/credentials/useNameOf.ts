import { useTranslation } from 'react-i18next'
import { usePersonName } from '../../api/usePersonName'
import { whoOf } from './words'

/** Puts into words whom the audit log names. */
export function useNameOf(): (who: string) => string {
  const { t } = useTranslation('credentials')
  const personName = usePersonName()
  return (who) => {
    const { person, name, from } = whoOf(who)
    return `${person === null ? personName(name) : t(`history.who.${person}`)}${from}`
  }
}
