import { ActionIcon, Button, CopyButton, Skeleton, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCopy, IconPlugConnectedX, IconRefresh, type Icon } from '@tabler/icons-react'
import { type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { wasAnswered } from '../api/problem'
import { askForProof, proofNeeded } from '../api/proof'
import { describeError } from './toast'
import c from './States.module.css'

interface EmptyProps {
  icon: Icon
  title: string
  children?: ReactNode
  action?: ReactNode
}

/** Nothing here yet: what will be here, and the one way to get it. */
export function Empty({ icon: I, title, children, action }: EmptyProps) {
  return (
    <div className={c.empty}>
      <span className={c.emptyIcon}>
        <I size={26} stroke={1.4} aria-hidden />
      </span>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action !== undefined && <div className={c.emptyAction}>{action}</div>}
    </div>
  )
}

/** What could not be loaded, why, what to do, and a way to try again. */
export function ErrorState({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const { t } = useTranslation()
  const { message, hint } = describeError(error)
  const offline = !wasAnswered(error)
  const I = offline ? IconPlugConnectedX : IconAlertTriangle
  const need = proofNeeded(error)
  const retry = async () => {
    if (need === null || (await askForProof(need))) onRetry?.()
  }
  return (
    <div className={c.empty} role="alert">
      <span className={`${c.emptyIcon} ${c.errorIcon}`}>
        <I size={26} stroke={1.4} aria-hidden />
      </span>
      <h2>{title ?? (offline ? t('state.offlineTitle') : t('state.failedTitle'))}</h2>
      <p>{offline ? t('state.offlineHint') : `${message} ${hint}`}</p>
      {onRetry && (
        <div className={c.emptyAction}>
          <Button variant="light" leftSection={<IconRefresh size={16} />} onClick={() => void retry()}>
            {t('action.retry')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** The shape of what is coming: grey lines in the place of `rows` lines of `height` pixels. */
export function Loading({ rows = 3, height = 20 }: { rows?: number; height?: number }) {
  const { t } = useTranslation()
  return (
    <div className={c.loading} role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius={4} animate={false} width={`${100 - ((row * 17) % 40)}%`} />
      ))}
    </div>
  )
}

/** A copy button that names what it copies. */
export function CopyIcon({ value, label, size = 26 }: { value: string; label: string; size?: number }) {
  const { t } = useTranslation()
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('action.copied') : label}>
          <ActionIcon variant="subtle" color="gray" size={size} onClick={copy} aria-label={label}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** A command that a person can run, ready to copy. */
export function Command({ children }: { children: string }) {
  const { t } = useTranslation()
  return (
    <div className={c.command}>
      <code>{children}</code>
      <CopyIcon value={children} label={t('action.copyCommand')} />
    </div>
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
