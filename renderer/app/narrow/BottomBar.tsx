import { IconDots } from '@tabler/icons-react'
import { Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsAdmin } from '../../api/useSession'
import { hrefOf, type PageId } from '../../ui/route'
import { toneOf } from '../../ui/Status'
import type { LinkMark, LinkMarks } from '../marks'
import { pages, pagesAt, pagesOf } from '../pages'
import c from './BottomBar.module.css'
import { worstOf } from './worst'
import { lazyPart } from '../../ui/parts'

const MoreSheet = lazyPart(() => import('./MoreSheet'))

/** So many pages have a place of their own in the bar; the others stand behind More. */
const placesInBar = 5

/** The pages in the bar and those behind More: the order of the rail. */
function barPages(isAdmin: boolean): { inBar: readonly PageId[]; behindMore: readonly PageId[] } {
  const inBar = pagesAt('top', isAdmin).slice(0, placesInBar)
  return { inBar, behindMore: pagesOf(isAdmin).filter((id) => !inBar.includes(id)) }
}

/** How many need a person there, on the tone of the worst; the words are in the link's description. */
function Place({ icon, label, mark }: { icon: ReactNode; label: string; mark: LinkMark | undefined }) {
  return (
    <>
      <span className={c.icon}>
        {icon}
        {mark && (
          <span className={`num ${c.count}`} data-tone={toneOf(mark.of)} data-tells title={mark.text}>
            {mark.count}
          </span>
        )}
      </span>
      <span className={c.word}>{label}</span>
    </>
  )
}

/** Below 768 px, in place of the rail: five pages and the rest behind More, within reach of a thumb. */
export default function BottomBar({ page, marks }: { page: PageId; marks: LinkMarks }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const close = () => setOpen(false)
  const { inBar, behindMore } = barPages(useIsAdmin())
  const hidden = worstOf(behindMore.flatMap((id) => marks[id] ?? []))
  return (
    <nav className={c.bar} aria-label={t('nav.main')}>
      {inBar.map((id) => {
        const I = pages[id].icon
        return (
          <a
            key={id}
            href={hrefOf(id)}
            className={c.place}
            onClick={close}
            aria-label={t(`nav.${id}`)}
            aria-current={id === page ? 'page' : undefined}
            aria-description={marks[id]?.text}
          >
            <Place icon={<I size={20} stroke={1.6} aria-hidden />} label={t(`nav.${id}`)} mark={marks[id]} />
          </a>
        )
      })}
      <button
        type="button"
        className={c.place}
        aria-label={t('nav.more')}
        aria-current={behindMore.includes(page) ? 'true' : undefined}
        aria-description={hidden?.text}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Place icon={<IconDots size={20} stroke={1.6} aria-hidden />} label={t('nav.more')} mark={hidden} />
      </button>
      {isOpen && (
        <Suspense>
          <MoreSheet pages={behindMore} current={page} marks={marks} onClose={close} />
        </Suspense>
      )}
    </nav>
  )
}
