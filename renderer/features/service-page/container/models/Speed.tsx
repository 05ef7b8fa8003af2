import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../../../../api/client'
import { Failure } from '../../../../api/Failure'
import { formatInteger } from '../../../../i18n/format'
import { Ago } from '../../../../ui/Ago'
import c from './Models.module.css'
import type { FolderProps } from './folder-props'

/** How fast the container reads the folder: measured when asked for, and never guessed. */
export function Speed({ service, folder: { target, reading }, lookAgain }: FolderProps) {
  const { t } = useTranslation('models')
  const [abort, setAbort] = useState<AbortController | null>(null)
  const measure = useMutation({
    mutationFn: (signal: AbortSignal) => client.modelsDrive.measure({ id: service.id, target }, { signal }),
    meta: { quiet: true },
    onSuccess: lookAgain,
    onSettled: () => setAbort(null),
  })
  const begin = () => {
    const controller = new AbortController()
    setAbort(controller)
    measure.mutate(controller.signal)
  }
  return (
    <div className={c.speed}>
      <span>
        {reading === null ? t('speed.unknown') : <b>{t('speed.rate', { rate: formatInteger(reading.mbPerS) })}</b>}
        {reading !== null && (
          <span className={c.quiet}>
            {' '}
            {t(`speed.${reading.cache}`)}, <Ago at={reading.at} />
          </span>
        )}
      </span>
      {abort ? (
        <Button variant="default" size="compact-sm" onClick={() => abort.abort()}>
          {t('speed.cancel')}
        </Button>
      ) : (
        <Button variant="default" size="compact-sm" onClick={begin}>
          {t(reading === null ? 'speed.measure' : 'speed.again')}
        </Button>
      )}
      {measure.data === null && <span className={c.quiet}>{t('speed.cannot')}</span>}
      {abort === null && !(measure.error instanceof Error && measure.error.name === 'AbortError') && (
        <Failure error={measure.error} />
      )}
    </div>
  )
}
