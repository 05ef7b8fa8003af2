import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../api/live'
import { StatusIcon } from './Status'
import c from '../app/Shell.module.css'

export interface PageProps {
  /** The page's name: its heading, and the window's title. */
  title: string
  /** The page above this one. */
  parent?: { label: string; href: string }
  /** One sentence about the state of this page, beside the title. */
  lead?: ReactNode
  actions?: ReactNode
  /** Below the header, and standing as still: the page's tabs. */
  bar?: ReactNode
  children: ReactNode
}

/** Said while what is on screen may be old. */
function ConnectionLost() {
  const { t } = useTranslation()
  if (useConnection() !== 'reconnecting') return null
  return (
    <div className={c.lost} role="status">
      <StatusIcon of="stale" size={16} />
      {t('connection.lost')}
    </div>
  )
}

/** The frame of every page: header with title, state and actions, and the content that scrolls below it. */
export function Page({ title, parent, lead, actions, bar, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Regie`
    // A screen reader hears where it is, and the next Tab starts in the page.
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [title])
  return (
    <main className={c.main} id="content">
      <header className={c.header}>
        {parent && (
          <>
            <a className={c.parent} href={parent.href}>
              {parent.label}
            </a>
            <span className={c.slash} aria-hidden>
              /
            </span>
          </>
        )}
        <h1 className={c.title} ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead !== undefined && <div className={c.lead}>{lead}</div>}
        <div className={c.actions}>{actions}</div>
      </header>
      {bar}
      <ConnectionLost />
      <div className={c.page}>{children}</div>
    </main>
  )
}
