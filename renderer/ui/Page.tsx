import { ActionIcon } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { createContext, Fragment, Suspense, use, useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { afterFrame } from './after-frame'
import { useNarrow } from './narrow'
import { Loading } from './States'
import c from './Page.module.css'

interface PageLink {
  label: string
  href: string
}

export interface PageProps {
  /** The page's name: its heading, and the window's title. */
  title: string
  /** The page above this one, and where there is one, the one above that. */
  parent?: PageLink & { above?: PageLink }
  /** The state that one came for: beside the title at any width. */
  pill?: ReactNode
  /** One sentence about the state of this page: beside the title, or, when narrow, the first line of the page. */
  lead?: ReactNode
  actions?: ReactNode
  /**
   * What becomes of the actions below 768 px: icons in the header, and the rest at the foot, above the bar; `lead` takes
   * the lead's place. Left out, all actions stand at the foot.
   */
  narrow?: { header?: ReactNode; foot?: ReactNode; lead?: ReactNode }
  /** Below the header, and standing as still: the page's tabs. */
  bar?: ReactNode
  children: ReactNode
}

/** What every page has of the frame around it. */
export const PageFrame = createContext<{
  /** Said below every header: what concerns all pages. */
  notice: ReactNode
  /** The way to search, in the header of a narrow page. */
  search: ReactNode
}>({ notice: null, search: null })

/**
 * The frame of every page: header with title, state and actions, and the content that scrolls below it. What is in it
 * waits by itself for its code and words: else the page, once shown, would be hidden beside another that stands in for
 * it, and whoever had come to its title would be nowhere afterwards.
 */
export function Page({ title, parent, pill, lead, actions, narrow = { foot: actions }, bar, children }: PageProps) {
  const { notice, search } = use(PageFrame)
  const isNarrow = useNarrow()
  const heading = useRef<HTMLHeadingElement>(null)
  const shownLead = isNarrow && narrow.lead !== undefined ? narrow.lead : lead
  const hasLead = shownLead !== undefined && shownLead !== null && shownLead !== false
  useEffect(() => {
    document.title = `${title} · Regie`
    // A screen reader hears where it is, and the next Tab starts in the page.
    return afterFrame(() => {
      if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
    })
  }, [title])
  return (
    <main className={c.main} id="content">
      <header className={c.header}>
        {parent && <Parent parent={parent} isNarrow={isNarrow} />}
        <h1 className={c.title} ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <Suspense>
          {pill !== undefined && <div className={c.pill}>{pill}</div>}
          {hasLead && !isNarrow && <div className={c.lead}>{shownLead}</div>}
        </Suspense>
        <div className={c.actions}>
          {isNarrow && search}
          <Suspense>{isNarrow ? narrow.header : actions}</Suspense>
        </div>
      </header>
      {notice}
      <Suspense>{bar}</Suspense>
      <div className={c.page}>
        <Suspense fallback={<Loading rows={6} />}>
          {hasLead && isNarrow && <div className={c.firstLine}>{shownLead}</div>}
          {children}
        </Suspense>
      </div>
      {isNarrow && (
        <div className={c.foot}>
          <Suspense>{narrow.foot}</Suspense>
        </div>
      )}
    </main>
  )
}

/** The way up: the other page's name, or an arrow where there is no room for it. */
function Parent({ parent, isNarrow }: { parent: PageLink & { above?: PageLink }; isNarrow: boolean }) {
  const { t } = useTranslation()
  if (isNarrow) {
    return (
      <ActionIcon
        component="a"
        href={parent.href}
        variant="subtle"
        color="gray"
        size={40}
        className={c.back}
        aria-label={t('nav.back', { page: parent.label })}
      >
        <IconArrowLeft size={20} stroke={1.6} />
      </ActionIcon>
    )
  }
  return [...(parent.above ? [parent.above] : []), parent].map(({ label, href }) => (
    <Fragment key={href}>
      <a className={c.parent} href={href}>
        {label}
      </a>
      <span className={c.slash} aria-hidden>
        /
      </span>
    </Fragment>
  ))
}
