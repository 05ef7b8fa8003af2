import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { describeReason } from '../../i18n'
import c from './Studio.module.css'

/** Why a job failed: Regie's words and hint, and below them the service's own. */
export function FailedJob({ generation }: { generation: Generation }) {
  const { t } = useTranslation('studio')
  const { error, serviceId } = generation
  if (!error) return null
  const { message, hint } = describeReason(error)
  return (
    <div className={c.failed} role="alert">
      <p>
        <b>{t('result.failedTitle')}</b> {message} {hint}
      </p>
      {error.detail !== undefined && error.detail !== '' && (
        <figure>
          <figcaption>{t('result.ownWords', { service: serviceId })}</figcaption>
          <pre>{error.detail}</pre>
        </figure>
      )}
    </div>
  )
}
