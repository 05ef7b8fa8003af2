import {
  IconActivity,
  IconBox,
  IconChartLine,
  IconDoor,
  IconFileText,
  IconFileCheck,
  IconHistory,
  IconLayoutDashboard,
  IconPhotoCheck,
  IconRoute,
  IconStethoscope,
  IconTerminal2,
  type Icon,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Service } from '../../../../shared/contract'
import { lazyPage } from '../../../api/lazyPage'

/** Its word is `services:tab.<id>`; its address `#/services/<service>/<id>`. */
export type TabId =
  | 'overview'
  | 'logs'
  | 'stats'
  | 'timeline'
  | 'compose'
  | 'container'
  | 'shell'
  | 'gateway'
  | 'exposure'
  | 'golden'
  | 'load-test'
  | 'doctor'

export interface ServiceTab {
  id: TabId
  icon: Icon
  /** Whether it makes sense for this service and this reader. */
  isShown: (service: Service, isAdmin: boolean) => boolean
  /** Fetched when it is first opened; fills the page below the tabs. */
  component: ComponentType<{ service: Service }>
}

/** The parts of a service's page, in their order. The first one is what a bare address shows. */
const tabs: readonly ServiceTab[] = [
  {
    id: 'overview',
    icon: IconLayoutDashboard,
    isShown: () => true,
    component: lazyPage(() => import('./OverviewTab')),
  },
  {
    id: 'logs',
    icon: IconFileText,
    isShown: () => true,
    component: lazyPage(() => import('../../logs/LogsTab')),
  },
  {
    id: 'stats',
    icon: IconChartLine,
    isShown: ({ runtime }) => runtime === 'compose',
    component: lazyPage(() => import('../stats/StatsTab')),
  },
  {
    id: 'timeline',
    icon: IconHistory,
    isShown: () => true,
    component: lazyPage(() => import('./TimelineTab')),
  },
  {
    id: 'compose',
    icon: IconFileCheck,
    isShown: ({ runtime }, isAdmin) => runtime === 'compose' && isAdmin,
    component: lazyPage(() => import('../../compose/ComposeTab')),
  },
  {
    id: 'container',
    icon: IconBox,
    isShown: ({ runtime }) => runtime === 'compose',
    component: lazyPage(() => import('../container/ContainerTab')),
  },
  {
    id: 'shell',
    icon: IconTerminal2,
    isShown: ({ runtime }, isAdmin) => runtime === 'compose' && isAdmin,
    component: lazyPage(() => import('../shell/ShellTab')),
  },
  {
    id: 'gateway',
    icon: IconRoute,
    isShown: (_service, isAdmin) => isAdmin,
    component: lazyPage(() => import('../../gateway/GatewayTab')),
  },
  {
    id: 'exposure',
    icon: IconDoor,
    isShown: () => true,
    component: lazyPage(() => import('./ExposureWithClosing')),
  },
  {
    id: 'golden',
    icon: IconPhotoCheck,
    isShown: (_service, isAdmin) => isAdmin,
    component: lazyPage(() => import('../../golden/GoldenTab')),
  },
  {
    id: 'load-test',
    icon: IconActivity,
    isShown: (_service, isAdmin) => isAdmin,
    component: lazyPage(() => import('../../load-test/LoadTestTab')),
  },
  {
    id: 'doctor',
    icon: IconStethoscope,
    isShown: () => true,
    component: lazyPage(() => import('../../doctor/DoctorTab')),
  },
]

/** The tabs of one service, and which of them an address means: the first where it names none that is shown. */
export function tabsOf(service: Service, isAdmin: boolean, wanted: string | undefined, all = tabs) {
  const shown = all.filter((tab) => tab.isShown(service, isAdmin))
  return { shown, current: shown.find(({ id }) => id === wanted) ?? shown[0] }
}
