import { ActionIcon, Kbd } from '@mantine/core'
import { IconInfoCircle, IconLock, IconLockOpen2, IconSearch, IconUser } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../api/live'
import { lockNow } from '../api/lock'
import { api } from '../api/query'
import { hrefOf, type PageId } from '../ui/route'
import { useCanLock, useIsAdmin, useMe, useSession } from '../api/useSession'
import { describeReason } from '../i18n'
import { Activity } from './Activity'
import { RailDocker } from './RailDocker'
import { Mark } from '../ui/Mark'
import { PageFrame } from '../ui/Page'
import { connectionStatus, useMarks, type LinkMark, type LinkMarks } from './marks'
import { followKeyboard } from './narrow/keyboard'
import { pages, pagesAt } from './pages'
import { useNarrow } from '../ui/narrow'
import { StatusIcon } from '../ui/Status'
import c from './Shell.module.css'
import { lazyPart } from '../ui/parts'
import { Tooltip } from '../ui/Tooltip'

const BottomBar = lazyPart(() => import('./narrow/BottomBar'))

function RailLink({ page, current, mark }: { page: PageId; current: PageId; mark?: LinkMark | undefined }) {
  const { t } = useTranslation()
  const I = pages[page].icon
  return (
    <a
      href={hrefOf(page)}
      className={c.link}
      aria-label={t(`nav.${page}`)}
      aria-current={page === current ? 'page' : undefined}
      aria-description={mark?.text}
    >
      <I size={18} stroke={1.6} aria-hidden />
      <span className={c.linkText}>{t(`nav.${page}`)}</span>
      {mark && (
        <span className={c.linkMark} title={mark.text}>
          <StatusIcon of={mark.of} size={14} />
          {mark.count}
        </span>
      )}
    </a>
  )
}

/** Standing facts at the foot of the rail: notices, the connection, and the role. */
function RailState() {
  const { t } = useTranslation()
  const connection = useConnection()
  const session = useSession().data
  const canLock = useCanLock()
  const about = useQuery(api.system.about.queryOptions()).data
  const notices = about?.notices ?? []
  const role = session?.adminOnDemand ? 'onDemand' : (session?.role ?? 'user')
  const word = t(`role.${role}`)
  const me = useMe().data
  const name = role === 'onDemand' ? word : (me?.name ?? word)
  const RoleIcon = { admin: IconLockOpen2, onDemand: IconLock, user: IconUser }[role]
  return (
    <>
      {notices.length > 0 && (
        <Tooltip label={notices.map((notice) => describeReason(notice).message).join(' ')} multiline maw={320}>
          <a className={c.state} href={hrefOf('settings')}>
            <IconInfoCircle size={14} aria-hidden />
            <span>{about?.demo ? t('notice.demo') : t('notice.some', { count: notices.length })}</span>
          </a>
        </Tooltip>
      )}
      <div className={c.state} role="status">
        <StatusIcon of={connectionStatus[connection]} size={14} />
        <span>{t(`connection.${connection}`)}</span>
      </div>
      <RailDocker />
      <Tooltip label={t(`role.${role}Tip`)}>
        <a className={c.state} href={hrefOf('me')}>
          <RoleIcon size={14} aria-hidden />
          <span>{name}</span>
          {name !== word && <span className={c.stateNote}>{word}</span>}
        </a>
      </Tooltip>
      {canLock && (
        <button className={c.state} type="button" onClick={lockNow}>
          <IconLock size={14} aria-hidden />
          <span>{t('role.lock')}</span>
        </button>
      )}
    </>
  )
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

const isMac = /mac/i.test(navigator.userAgent)

interface ShellProps {
  page: PageId
  onSearch: () => void
  children: ReactNode
}

function Rail({ page, onSearch, marks }: { page: PageId; onSearch: () => void; marks: LinkMarks }) {
  const { t } = useTranslation()
  const isAdmin = useIsAdmin()
  return (
    <nav className={c.rail} aria-label={t('nav.main')}>
      <div className={c.brand}>
        <Mark />
        <span className={c.brandName}>Regie</span>
      </div>
      <button className={c.find} type="button" onClick={onSearch} aria-label={t('nav.search')}>
        <IconSearch size={16} aria-hidden />
        <span className={c.findText}>{t('nav.search')}</span>
        <Kbd className={c.findKey}>{isMac ? '⌘ K' : 'Ctrl K'}</Kbd>
      </button>
      <ul className={c.links}>
        {pagesAt('top', isAdmin).map((id) => (
          <li key={id}>
            <RailLink page={id} current={page} mark={marks[id]} />
          </li>
        ))}
      </ul>
      <div className={c.foot}>
        <Activity />
        {pagesAt('foot', isAdmin).map((id) => (
          <RailLink key={id} page={id} current={page} mark={marks[id]} />
        ))}
        <RailState />
      </div>
    </nav>
  )
}

/** The page, and beside it the rail with all pages; below 768 px a bar at the bottom in its place. */
export function Shell({ page, onSearch, children }: ShellProps) {
  const { t } = useTranslation()
  const marks = useMarks()
  const isNarrow = useNarrow()
  useEffect(() => followKeyboard(), [])
  const search = (
    <ActionIcon variant="subtle" color="gray" size={40} onClick={onSearch} aria-label={t('nav.search')}>
      <IconSearch size={20} stroke={1.6} />
    </ActionIcon>
  )
  return (
    <div className={c.shell}>
      <a className={c.skip} href="#content" onClick={skipToContent}>
        {t('nav.skip')}
      </a>
      {!isNarrow && <Rail page={page} onSearch={onSearch} marks={marks} />}
      <PageFrame value={{ notice: <ConnectionLost />, search }}>{children}</PageFrame>
      {isNarrow && (
        <Suspense>
          <BottomBar page={page} marks={marks} />
        </Suspense>
      )}
    </div>
  )
}

function skipToContent(event: React.MouseEvent) {
  event.preventDefault()
  document.querySelector<HTMLElement>('#content h1')?.focus()
}
