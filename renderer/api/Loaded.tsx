import { Button } from '@mantine/core'
import { IconAlertTriangle, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, Loading } from '../ui/States'
import { describeError } from './errors'
import { wasAnswered } from './problem'
import { askForProof, proofNeeded } from './proof'

/** What could not be loaded, why, what to do, and a way to try again. */
export function ErrorState({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const { t } = useTranslation()
  const { message, hint } = describeError(error)
  const offline = !wasAnswered(error)
  const need = proofNeeded(error)
  const retry = async () => {
    if (need === null || (await askForProof(need))) onRetry?.()
  }
  return (
    <Empty
      failed
      icon={offline ? IconPlugConnectedX : IconAlertTriangle}
      title={title ?? (offline ? t('state.offlineTitle') : t('state.failedTitle'))}
      action={
        onRetry && (
          <Button variant="light" leftSection={<IconRefresh size={16} />} onClick={() => void retry()}>
            {t('action.retry')}
          </Button>
        )
      }
    >
      {offline ? t('state.offlineHint') : `${message} ${hint}`}
    </Empty>
  )
}

interface LoadedProps<T> {
  query: { data: T | undefined; error: unknown; refetch: () => unknown }
  /** Shown until the first answer. */
  loading?: ReactNode
  children: (data: T) => ReactNode
}

/** One of loading, failed and there: what is there stays on screen while it is asked again. */
export function Loaded<T>({ query, loading, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return loading ?? <Loading />
}
