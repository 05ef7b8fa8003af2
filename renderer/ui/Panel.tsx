import { Button } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { Fragment, useId, type ReactNode } from 'react'
import c from './Panel.module.css'

interface PanelProps {
  title?: ReactNode
  note?: ReactNode
  action?: ReactNode
  children: ReactNode
  /** No padding: the content reaches the edges. */
  flush?: boolean
  /** Takes the height that is there and scrolls inside. */
  fill?: boolean
  className?: string | undefined
}

/** A bordered surface with one title line. Panels never nest. */
export function Panel({ title, note, action, children, flush, className = '', fill }: PanelProps) {
  const titleId = useId()
  return (
    <section
      className={`${c.panel} ${fill ? c.fill : ''} ${className}`}
      aria-labelledby={title === undefined ? undefined : titleId}
    >
      {title !== undefined && (
        <header className={c.head}>
          <h2 className={c.title} id={titleId}>
            {title}
          </h2>
          {note !== undefined && <span className={c.note}>{note}</span>}
          {action !== undefined && <span className={c.action}>{action}</span>}
        </header>
      )}
      <div className={flush ? c.flush : c.body}>{children}</div>
    </section>
  )
}

/** Label and value lines, for facts. A row whose value is null is left out. */
export function Facts({ rows, labelWidth = 96 }: { rows: [string, ReactNode][]; labelWidth?: number }) {
  return (
    <dl className={c.facts} style={{ gridTemplateColumns: `${labelWidth}px minmax(0, 1fr)` }}>
      {rows
        .filter(([, value]) => value !== null)
        .map(([label, value]) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd title={typeof value === 'string' ? value : undefined}>{value}</dd>
          </Fragment>
        ))}
    </dl>
  )
}

interface PanelActionProps {
  children: ReactNode
  /** Where it leads, for one that goes to another page. */
  href?: string
  onClick?: () => void
  loading?: boolean
  disabled?: boolean
  /** Names the target where the words alone do not. */
  label?: string
}

/** The quiet action of a panel. */
export function PanelAction({ children, href, onClick, loading, disabled, label }: PanelActionProps) {
  const look = { variant: 'subtle', color: 'gray', size: 'compact-xs', className: c.link } as const
  if (href !== undefined) {
    return (
      <Button {...look} component="a" href={href} aria-label={label} rightSection={<IconArrowRight size={13} />}>
        {children}
      </Button>
    )
  }
  return (
    <Button
      {...look}
      aria-label={label}
      {...(onClick && { onClick })}
      loading={loading ?? false}
      disabled={disabled ?? false}
    >
      {children}
    </Button>
  )
}
