import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LibraryOverview } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'
import { formatInteger, formatSize } from '../../i18n/format'
import c from './Models.module.css'
import { formatLeft } from './show'
import type { Show } from './useLibrary'

const askAgain = () => void queryClient.invalidateQueries({ queryKey: api.modelLibrary.overview.key() })

function Line({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={c.gainLine}>
      <span>{children}</span>
      {action}
    </div>
  )
}

/** How far the hashing is, and the way to begin or stop it. */
function Hashing({ hashing }: { hashing: LibraryOverview['hashing'] }) {
  const { t } = useTranslation('library')
  const start = useMutation(api.modelLibrary.hash.mutationOptions({ onSuccess: askAgain }))
  const stop = useMutation(api.modelLibrary.stopHashing.mutationOptions({ onSuccess: askAgain }))
  const { state, files, hashed, bytesPerS, leftBytes, current } = hashing
  if (files === 0) return null
  if (files === hashed) return <Line>{t('gain.hashed')}</Line>
  const isRunning = state === 'running'
  const time = isRunning && bytesPerS !== null && bytesPerS > 0 ? formatLeft((leftBytes / bytesPerS) * 1000) : null
  return (
    <Line
      action={
        <Button
          size="compact-sm"
          variant="default"
          loading={start.isPending || stop.isPending}
          onClick={() => (isRunning ? stop : start).mutate(undefined)}
        >
          {t(isRunning ? 'gain.stopHash' : state === 'paused' ? 'gain.resumeHash' : 'gain.hash')}
        </Button>
      }
    >
      <span title={current === null ? undefined : t('gain.hashing', { name: current })}>
        {t('gain.unhashed', { left: formatInteger(files - hashed), all: formatInteger(files) })}
        {time !== null && <small>{t('gain.hashLeft', { time })}</small>}
      </span>
    </Line>
  )
}

/** What can be won back, and the way to look at it. */
export function Reclaim({ overview, onShow }: { overview: LibraryOverview; onShow: (show: Show) => void }) {
  const { t } = useTranslation('library')
  const { duplicates, unused, hashing } = overview
  const review = (show: Show, label: string) => (
    <Button size="compact-sm" variant="default" aria-label={label} onClick={() => onShow(show)}>
      {t('gain.review')}
    </Button>
  )
  return (
    <section className={c.gain} aria-label={t('gain.title')}>
      {duplicates.files > 0 ? (
        <Line action={review('duplicates', t('gain.reviewDuplicates'))}>
          {t('gain.duplicates', { count: duplicates.files, size: formatSize(duplicates.bytes) })}
        </Line>
      ) : (
        <Line>{t('gain.noDuplicates')}</Line>
      )}
      {unused.files > 0 ? (
        <Line action={review('unused', t('gain.reviewUnused'))}>
          {t('gain.unused', { count: unused.files, size: formatSize(unused.bytes) })}
        </Line>
      ) : (
        <Line>{t('gain.noUnused')}</Line>
      )}
      <Hashing hashing={hashing} />
    </section>
  )
}
