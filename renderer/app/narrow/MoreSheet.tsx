import { Modal } from '@mantine/core'
import { IconBook2, IconChevronRight, IconInfoCircle, IconLock, IconLogout, type Icon } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../../api/live'
import { lockNow } from '../../api/lock'
import { api } from '../../api/query'
import { useCanLock, useSession } from '../../api/useSession'
import { useSignOut } from '../../api/useSignOut'
import { describeReason } from '../../i18n'
import { hrefOf, type PageId } from '../../ui/route'
import { StatusIcon, StatusLabel } from '../../ui/Status'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { Activity } from '../Activity'
import { connectionStatus, type LinkMark, type LinkMarks } from '../marks'
import { pages } from '../pages'
import { useDockerLine } from '../RailDocker'
import c from './MoreSheet.module.css'

interface RowProps {
  icon: Icon
  label: string
  note?: ReactNode
}

/** The inside of a row: what it leads to, and what is to be known of it before. */
function Row({ icon: I, label, note }: RowProps) {
  return (
    <>
      <I size={20} stroke={1.6} aria-hidden />
      <span>{label}</span>
      <span className={c.note}>{note}</span>
      <IconChevronRight size={16} stroke={1.6} className={c.chevron} aria-hidden />
    </>
  )
}

function PageLink({ page, current, mark }: { page: PageId; current: PageId; mark: LinkMark | undefined }) {
  const { t } = useTranslation()
  return (
    <a className={c.row} href={hrefOf(page)} aria-current={page === current ? 'page' : undefined}>
      <Row
        icon={pages[page].icon}
        label={t(`nav.${page}`)}
        note={mark && <StatusLabel of={mark.of} word={mark.text} />}
      />
    </a>
  )
}

/** What can be done about being here: lock, and, in a browser, sign out. */
function SessionRows() {
  const { t } = useTranslation(['common', 'settings'])
  const session = useSession().data
  const canLock = useCanLock()
  const signOut = useSignOut()
  return (
    <>
      {canLock && (
        <li>
          <button type="button" className={c.row} onClick={lockNow}>
            <Row icon={IconLock} label={t('role.lock')} />
          </button>
        </li>
      )}
      {session?.role && session.door === 'http' && (
        <li>
          <button type="button" className={c.row} onClick={() => signOut.mutate()} disabled={signOut.isPending}>
            <Row icon={IconLogout} label={t('settings:session.signOut')} note={t(`role.${session.role}`)} />
          </button>
        </li>
      )}
    </>
  )
}

function Notices() {
  const { t } = useTranslation()
  const about = useQuery(api.system.about.queryOptions()).data
  const notices = about?.notices ?? []
  if (notices.length === 0) return null
  const label = about?.demo ? t('notice.demo') : t('notice.some', { count: notices.length })
  return (
    <li>
      <a
        className={c.row}
        href={hrefOf('settings')}
        aria-description={notices.map((notice) => describeReason(notice).message).join(' ')}
      >
        <Row icon={IconInfoCircle} label={label} />
      </a>
    </li>
  )
}

/** Whether the panel and Docker answer. */
function Standing() {
  const { t } = useTranslation()
  const connection = useConnection()
  const docker = useDockerLine()
  return (
    <footer className={c.standing}>
      <span className={c.fact} role="status">
        <StatusIcon of={connectionStatus[connection]} />
        {t(`connection.${connection}`)}
      </span>
      {docker && (
        <a className={c.fact} href={hrefOf('settings', 'docker')} title={docker.tip}>
          <StatusIcon of={docker.icon} />
          {t('docker.name')}
          <span className="dim">{docker.note}</span>
        </a>
      )}
    </footer>
  )
}

interface MoreSheetProps {
  /** Those that the bar has no place for. */
  pages: readonly PageId[]
  current: PageId
  marks: LinkMarks
  onClose: () => void
}

/** What the bar at the bottom has no place for: the other pages, and what stands at the foot of the rail. */
export default function MoreSheet({ pages: ids, current, marks, onClose }: MoreSheetProps) {
  const { t } = useTranslation(['common', 'settings'])
  useReturnFocus()
  return (
    <Modal.Root
      opened
      onClose={onClose}
      lockScroll={false}
      transitionProps={{ duration: 120 }}
      classNames={{ inner: c.inner ?? '' }}
    >
      <Modal.Overlay backgroundOpacity={0.5} className={c.shade} />
      <Modal.Content className={c.sheet} aria-label={t('nav.more')} data-sheet>
        <span className={c.grip} aria-hidden />
        {/* Whatever is chosen leads away, also to a page that is shown already. */}
        <div onClick={(event) => event.target instanceof Element && event.target.closest('a') && onClose()}>
          <Activity />
          <ul className={c.rows}>
            {ids.map((id) => (
              <li key={id}>
                <PageLink page={id} current={current} mark={marks[id]} />
              </li>
            ))}
            <li>
              <a className={c.row} href="/api/v1/docs" target="_blank" rel="noreferrer">
                <Row icon={IconBook2} label={t('settings:about.api')} />
              </a>
            </li>
            <Notices />
            <SessionRows />
          </ul>
          <Standing />
        </div>
      </Modal.Content>
    </Modal.Root>
  )
}
