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

/** The same for a row, which has little room and tells beside it that the service starts. */
export function useShortWaitWords(): (waits: Waits) => string {
  const { t } = useTranslation('waiting')
  return ({ waking, held, inLine }) =>
    [
      ...(waking ? [waking.leftS === null ? t('short.waking') : t('short.wakingIn', { n: waking.leftS })] : []),
      ...(held > 0 ? [t('short.held', { count: held })] : []),
      ...(inLine > 0 ? [t('short.line', { count: inLine })] : []),
    ].join(' · ')
}
