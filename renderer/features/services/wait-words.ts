import { useTranslation } from 'react-i18next'
import type { Waits } from './waits'

/** That a request wakes a service, and what waits for it, in words, one by one. */
export function useWaitWords(): (waits: Waits) => string[] {
  const { t } = useTranslation('waiting')
  return ({ waking, held, inLine }) => [
    ...(waking ? [waking.leftS === null ? t('waking') : t('wakingIn', { n: waking.leftS })] : []),
    ...(held > 0 ? [t('held', { count: held })] : []),
    ...(inLine > 0 ? [t('line', { count: inLine })] : []),
  ]
}
