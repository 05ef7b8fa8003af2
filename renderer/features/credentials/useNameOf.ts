import { useTranslation } from 'react-i18next'
import { whoOf } from './words'

/** Puts into words whom the audit log names. */
export function useNameOf(): (who: string) => string {
  const { t } = useTranslation('credentials')
  return (who) => {
    const { person, from } = whoOf(who)
    return person === null ? who : `${t(`history.who.${person}`)}${from}`
  }
}
