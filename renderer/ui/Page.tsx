import { createContext, use, useEffect, useRef, type ReactNode } from 'react'
import c from './Page.module.css'

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

/** What every page says below its header, for what concerns them all. */
export const PageNotice = createContext<ReactNode>(null)

/** The frame of every page: header with title, state and actions, and the content that scrolls below it. */
export function Page({ title, parent, lead, actions, bar, children }: PageProps) {
  const notice = use(PageNotice)
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
      {notice}
      <div className={c.page}>{children}</div>
    </main>
  )
}
