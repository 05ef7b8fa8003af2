import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Credential } from '../../../shared/contract'
import { StatusIcon } from '../../ui/Status'
import { describeReason } from '../../i18n'
import c from './Credentials.module.css'

/** A secret that was taken in as it was in use, and that a reader breaks on: why, and the way out. */
export function Unusable({
  unusable: { reason },
  canRotate,
  onRotate,
}: {
  unusable: NonNullable<Credential['unusable']>
  canRotate: boolean
  onRotate: () => void
}) {
  const { t } = useTranslation('credentials')
  return (
    <section className={c.unusable} aria-label={t('unusable.title')}>
      <StatusIcon of="warning" />
      <p>
        <b>{t('unusable.title')}</b> {describeReason(reason).message} {t('unusable.text')}
      </p>
      <Button size="compact-sm" disabled={!canRotate} onClick={onRotate}>
        {t('unusable.rotate')}
      </Button>
    </section>
  )
}
