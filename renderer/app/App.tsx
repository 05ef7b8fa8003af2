import { useMantineColorScheme } from '@mantine/core'
import type { PanelEvent } from '../../shared/contract'
import { Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { startLive } from '../api/live'
import { lockNow } from '../api/lock'
import { useAskedProof } from '../api/proof'
import { api, queryClient } from '../api/query'
import { recordEvent } from '../features/services/seen'
import { fetchToasts } from '../ui/toast'
import { fetchTooltips } from '../ui/Tooltip'
import { ErrorBoundary } from '../ui/ErrorBoundary'
import { Page } from '../ui/Page'
import { Shell } from './Shell'
import { Loading } from '../ui/States'
import { fetchPagesLater } from '../api/lazyPage'
import { isForAdmins, pages, pagesOf } from './pages'
import { useHashRoute, type Route } from '../ui/route'
import { useCanLock, useIsAdmin, useSeesAll, useSession } from '../api/useSession'
import { usePreferences } from '../api/usePreferences'
import { useShortcuts } from './useShortcuts'
import { fetchWordsOf, showLanguage } from '../i18n'
import { ErrorState } from '../api/Loaded'
import { fetchPart, lazyPart } from '../ui/parts'
import { useDrop } from '../features/studio/dropped/useDrop'

const DroppedDialog = lazyPart(() => import('../features/studio/dropped/DroppedDialog'))
const Welcome = lazyPart(() => import('../features/welcome/WelcomePage'))
const SignIn = lazyPart(() => import('../features/access/signin/SignInPage'))
const Invitation = lazyPart(() => import('../features/access/signin/InvitationPage'))
const Lock = lazyPart(() => import('../features/access/signin/LockPage'))
const AdminsOnly = lazyPart(() => import('./AdminsOnly'))
const ProofDialog = lazyPart(() => import('../features/access/ProofDialog'))
const Palette = lazyPart(() => import('./palette/Palette'))
const Shortcuts = lazyPart(() => import('./palette/ShortcutsDialog'))

/** Language and theme follow what the person prefers, wherever it was changed. */
function useAppearance(
  preferences: { language: 'system' | 'en' | 'fr'; theme: 'system' | 'dark' | 'light' } | undefined,
) {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: false })
  const language = preferences?.language
  const theme = preferences?.theme
  useEffect(() => {
    if (language) void showLanguage(language)
  }, [language])
  const wanted = theme === 'system' ? 'auto' : theme
  useEffect(() => {
    // Only when it differs: setting it styles the whole document anew, twice, and this function is another at each render.
    if (wanted !== undefined && wanted !== colorScheme) setColorScheme(wanted)
  }, [wanted, colorScheme, setColorScheme])
}

/** On the desktop: looks again at who is here when the owner's password no longer opens admin actions. */
function useLapse() {
  const until = useSession().data?.adminUntil ?? null
  useEffect(() => {
    if (until === null) return
    const lookAgain = () => void queryClient.invalidateQueries({ queryKey: api.session.current.key() })
    const timer = setTimeout(lookAgain, Math.max(0, until - Date.now()) + 100)
    return () => clearTimeout(timer)
  }, [until])
}

/** Later than all that the first page needs, and long before any session locks by itself. */
function tellActivityLater(): () => void {
  let end: (() => void) | undefined
  const timer = setTimeout(
    () => void fetchPart(() => import('../api/activity')).then(({ tellActivity }) => (end = tellActivity())),
    3000,
  )
  return () => {
    clearTimeout(timer)
    end?.()
  }
}

/** What an event is to the page beside its cache: a service's news, and an image that is done while nobody looks. */
function takeIn(event: PanelEvent): void {
  recordEvent(queryClient, event)
  if (event.type !== 'generation' || !document.hidden) return
  const { generation } = event
  if (generation.by !== queryClient.getQueryData(api.session.current.queryKey())?.account) return
  void fetchPart(() => import('../features/studio/done-elsewhere')).then(
    ({ tellDone }) => tellDone(generation),
    () => undefined,
  )
}

/** Takes files that are dropped anywhere, and offers what can be done with them. */
function Dropped() {
  const { files, forget } = useDrop()
  const [file] = files
  return file && <DroppedDialog key={`${file.name} ${file.lastModified}`} files={files} onClose={forget} />
}

/** What the Overview's words are about: asked for one by one, as its parts come, each would hold it up by itself. */
const firstTopics = ['overview', 'services', 'operations', 'gpus']

/** The panel of somebody who is signed in. */
function SignedIn() {
  const { t } = useTranslation()
  const route = useHashRoute()
  const preferences = usePreferences()
  const [palette, setPalette] = useState<'unloaded' | 'open' | 'closed'>('unloaded')
  const [shortcuts, setShortcuts] = useState(false)
  useEffect(() => startLive(takeIn), [])
  useEffect(() => void fetchWordsOf(firstTopics), [])
  useEffect(() => fetchPagesLater([fetchToasts, fetchTooltips]), [])
  useAppearance(preferences.data)
  useLapse()
  const canLock = useCanLock()
  const isAdmin = useIsAdmin()
  const seesAll = useSeesAll()
  const proof = useAskedProof()
  useShortcuts(pagesOf(isAdmin), {
    onSearch: () => setPalette('open'),
    onHelp: () => setShortcuts(true),
    onLock: () => canLock && lockNow(),
  })
  useEffect(() => (canLock ? tellActivityLater() : undefined), [canLock])

  if (!preferences.data) {
    return preferences.error ? (
      <ErrorState error={preferences.error} onRetry={() => void preferences.refetch()} />
    ) : (
      <div role="status" aria-label={t('state.loading')} />
    )
  }
  // It leads to what only an administrator can set up.
  const welcome = isAdmin && !preferences.data.welcomed && route.page === 'overview'
  const isHidden = !seesAll && isForAdmins(route)
  return (
    <>
      {welcome ? (
        <Suspense>
          <Welcome />
        </Suspense>
      ) : (
        <Shell page={route.page} onSearch={() => setPalette('open')}>
          <ErrorBoundary key={route.page}>
            <Suspense fallback={<PageComing route={route} />}>
              {isHidden ? <AdminsOnly page={route.page} /> : pages[route.page].show(route)}
            </Suspense>
          </ErrorBoundary>
        </Shell>
      )}
      <Suspense>
        {palette !== 'unloaded' && (
          <Palette opened={palette === 'open'} onClose={() => setPalette('closed')} onHelp={() => setShortcuts(true)} />
        )}
        {shortcuts && <Shortcuts onClose={() => setShortcuts(false)} />}
        <Dropped />
        {proof && <ProofDialog {...proof} />}
      </Suspense>
    </>
  )
}

/** While a page's code is fetched: its header stands already. */
function PageComing({ route }: { route: Route }) {
  const { t } = useTranslation()
  return (
    <Page title={route.id ?? t(`nav.${route.page}`)}>
      <Loading rows={6} />
    </Page>
  )
}

/** The token of an invitation that the page was opened with. */
const invitation = /^#invitation=([\w-]+)$/.exec(location.hash)?.[1]

export function App() {
  const session = useSession()
  if (session.data) {
    if (invitation !== undefined)
      return (
        <Suspense>
          <Invitation token={invitation} />
        </Suspense>
      )
    if (session.data.role !== null && !session.data.locked) return <SignedIn />
    return (
      <Suspense>{session.data.locked ? <Lock session={session.data} /> : <SignIn session={session.data} />}</Suspense>
    )
  }
  return session.error ? <ErrorState error={session.error} onRetry={() => void session.refetch()} /> : null
}
