import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import c from './RuntimeTag.module.css'

/** How a service lives; a simulated one is marked as such wherever it appears. */
export function RuntimeTag({ runtime }: { runtime: Service['runtime'] }) {
  const { t } = useTranslation()
  return <span className={runtime === 'simulator' ? `${c.tag} ${c.dashed}` : c.tag}>{t(`runtime.${runtime}`)}</span>
}
