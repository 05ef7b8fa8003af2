import {
  IconAdjustmentsHorizontal,
  IconBox,
  IconCpu,
  IconKey,
  IconLayoutDashboard,
  IconPhoto,
  IconServer2,
  IconSettings,
  IconStack2,
  IconUserCircle,
  IconUsers,
  type Icon,
} from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { lazyPage } from '../api/lazyPage'
import Overview from '../features/overview/OverviewPage'
import { pageIds, type PageId, type Route } from '../ui/route'

const NeedsAttention = lazyPage(() => import('../features/attention/AttentionPage'))
const Services = lazyPage(() => import('../features/services/ServicesPage'))
const Logs = lazyPage(() => import('../features/logs/LogsPage'))
const Update = lazyPage(() => import('../features/updates/UpdatePage'))
const Service = lazyPage(() => import('../features/service-page/ServicePage'))
const Credentials = lazyPage(() => import('../features/credentials/CredentialsPage'))
const Leaks = lazyPage(() => import('../features/leaks/LeaksPage'))
const FindSecrets = lazyPage(() => import('../features/credentials/find/FindPage'))
const Studio = lazyPage(() => import('../features/studio/StudioPage'))
const Gallery = lazyPage(() => import('../features/gallery/GalleryPage'))
const Compare = lazyPage(() => import('../features/gallery/compare/ComparePage'))
const Bin = lazyPage(() => import('../features/gallery/BinPage'))
const Models = lazyPage(() => import('../features/models/ModelsPage'))
const Gpus = lazyPage(() => import('../features/gpus/GpusPage'))
const CardNow = lazyPage(() => import('../features/gpus/CardNowPage'))
const CardHistory = lazyPage(() => import('../features/gpus/history/HistoryPage'))
const CardIdentity = lazyPage(() => import('../features/card-identity/CardIdentityPage'))
const Machines = lazyPage(() => import('../features/machines/MachinesPage'))
const People = lazyPage(() => import('../features/people/PeoplePage'))
const Usage = lazyPage(() => import('../features/usage/UsagePage'))
const Settings = lazyPage(() => import('../features/settings/SettingsPage'))
const Backups = lazyPage(() => import('../features/backups/BackupsPage'))
const Alerts = lazyPage(() => import('../features/alerts/AlertsPage'))
const Audit = lazyPage(() => import('../features/audit/AuditPage'))
const Docker = lazyPage(() => import('../features/docker/DockerPage'))
const MyAccess = lazyPage(() => import('../features/me/MyAccessPage'))
const Access = lazyPage(() => import('../features/access/AccessPage'))

/** A page; its name is `common:nav.<id>`. */
export interface PageRow {
  icon: Icon
  /** The letter that, after G, goes there. */
  key: string
  /** Where the rail has it: among the pages, at the foot, or, for an administrator, behind their name there. */
  place: 'top' | 'foot' | 'own'
  of: 'everybody' | 'admin'
  /** What stands at an address of it: the page itself, or one of its views. */
  show: (route: Route) => ReactElement
}

/** The pages of one card. */
function cardPage(uuid: string, tab: string | undefined) {
  if (tab === 'history') return <CardHistory key={uuid} uuid={uuid} />
  return tab === 'identity' ? <CardIdentity key={uuid} uuid={uuid} /> : <CardNow key={uuid} uuid={uuid} />
}

/** The pages, all that is said of them: rail, palette, shortcuts and router read it here. */
export const pages: Record<PageId, PageRow> = {
  overview: {
    icon: IconLayoutDashboard,
    key: 'o',
    place: 'top',
    of: 'everybody',
    show: ({ query }) =>
      query.get('view') === 'attention' ? <NeedsAttention item={query.get('item')} /> : <Overview />,
  },
  services: {
    icon: IconStack2,
    key: 's',
    place: 'top',
    of: 'admin',
    show: ({ id, tab, query }) => {
      if (id === undefined) return query.get('view') === 'logs' ? <Logs /> : <Services />
      return tab === 'update' ? <Update key={id} id={id} /> : <Service key={id} id={id} tab={tab} />
    },
  },
  credentials: {
    icon: IconKey,
    key: 'c',
    place: 'top',
    of: 'admin',
    show: ({ id, query }) => {
      if (query.get('view') === 'leaks') return <Leaks />
      return id === undefined && query.get('view') === 'find' ? <FindSecrets /> : <Credentials id={id} />
    },
  },
  studio: {
    icon: IconAdjustmentsHorizontal,
    key: 't',
    place: 'top',
    of: 'everybody',
    show: ({ query }) =>
      query.get('view') === 'compare' ? <Compare a={query.get('a')} b={query.get('b')} /> : <Studio />,
  },
  gallery: {
    icon: IconPhoto,
    key: 'g',
    place: 'top',
    of: 'everybody',
    show: ({ id, query }) => (id === undefined && query.get('view') === 'bin' ? <Bin /> : <Gallery id={id} />),
  },
  models: { icon: IconBox, key: 'l', place: 'top', of: 'admin', show: () => <Models /> },
  gpus: {
    icon: IconCpu,
    key: 'p',
    place: 'top',
    of: 'admin',
    show: ({ id, tab }) => (id === undefined ? <Gpus /> : cardPage(id, tab)),
  },
  machines: { icon: IconServer2, key: 'h', place: 'top', of: 'admin', show: () => <Machines /> },
  people: {
    icon: IconUsers,
    key: 'u',
    place: 'top',
    of: 'admin',
    show: ({ id, query }) => (id === undefined && query.get('view') === 'usage' ? <Usage /> : <People id={id} />),
  },
  settings: {
    icon: IconSettings,
    key: ',',
    place: 'foot',
    of: 'admin',
    show: ({ id, query }) => {
      if (id === 'docker') return <Docker />
      if (id === 'access') return <Access />
      if (id === 'alerts') return <Alerts />
      if (id === 'backups') return <Backups />
      return id === 'audit' ? <Audit /> : <Settings section={query.get('section')} />
    },
  },
  me: { icon: IconUserCircle, key: 'm', place: 'own', of: 'everybody', show: () => <MyAccess /> },
}

/** Whether what stands at an address is an administrator's alone. */
export const isForAdmins = ({ page, query }: Route): boolean =>
  pages[page].of === 'admin' || (page === 'overview' && query.get('view') === 'attention')

/** The pages of one place in the rail, in their order, as an administrator or a user has them. */
export const pagesAt = (place: 'top' | 'foot', isAdmin: boolean): readonly PageId[] =>
  pagesOf(isAdmin).filter((id) => pages[id].place === place || (!isAdmin && place === 'top' && id === 'me'))

/** All pages that an administrator or a user has. */
export const pagesOf = (isAdmin: boolean): readonly PageId[] =>
  pageIds.filter((id) => isAdmin || pages[id].of === 'everybody')
