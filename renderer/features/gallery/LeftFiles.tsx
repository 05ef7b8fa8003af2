import { useTranslation } from 'react-i18next'
import type { LeftFiles as Left } from '../../../shared/contract'

/** That files were made which Regie did not take, why, and where the service keeps them. */
export function LeftFiles({ left: { count, why, place } }: { left: Left }) {
  const { t } = useTranslation('gallery')
  return (
    <>
      {t(`left.${why}`, { count })} {place === null ? t('left.noPlace') : t('left.place', { place })}
    </>
  )
}
