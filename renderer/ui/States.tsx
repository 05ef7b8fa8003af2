import { ActionIcon, CopyButton, Skeleton } from '@mantine/core'
import { IconCheck, IconCopy, type Icon } from '@tabler/icons-react'
import { type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import c from './States.module.css'
import { Tooltip } from './Tooltip'

interface EmptyProps {
  icon: Icon
  title: string
  children?: ReactNode
  action?: ReactNode
  /** What should be here could not be had: told at once, and in the colour of faults. */
  failed?: boolean
}

/** Nothing here: what will be here, or why it is not, and the one way to get it. */
export function Empty({ icon: I, title, children, action, failed }: EmptyProps) {
  return (
    <div className={c.empty} role={failed ? 'alert' : undefined}>
      <span className={failed ? `${c.emptyIcon} ${c.errorIcon}` : c.emptyIcon}>
        <I size={26} stroke={1.4} aria-hidden />
      </span>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action !== undefined && <div className={c.emptyAction}>{action}</div>}
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
