import {
  IconAdjustmentsHorizontal,
  IconCpu,
  IconKey,
  IconLayoutDashboard,
  IconPhoto,
  IconSettings,
  IconStack2,
  type Icon,
} from '@tabler/icons-react'
import type { PageId } from '../ui/route'

/** The sign of each page, in the rail and in the palette. */
export const pageIcons: Record<PageId, Icon> = {
  overview: IconLayoutDashboard,
  services: IconStack2,
  credentials: IconKey,
  studio: IconAdjustmentsHorizontal,
  gallery: IconPhoto,
  gpus: IconCpu,
  settings: IconSettings,
}
