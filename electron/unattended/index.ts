import { planLaunchd } from './launchd'
import type { Manager, Plan, Wish } from './plan'
import { planScheduledTask } from './scheduled-task'
import { planSystemd } from './systemd'

export { findInstalled, install, runProgram, shown, uninstall, type Run } from './apply'
export { readPassphrase } from './passphrase'
export { managerOf, unlockOf, unlocks, type Manager, type Plan, type Unlock, type Wish } from './plan'
export { launchOf } from './program'
export { oldestWithUserCredentials } from './systemd'

/** All that installing Regie as a service of this manager does. */
export function planFor(manager: Manager, wish: Wish): Plan {
  switch (manager) {
    case 'systemd':
      return planSystemd(wish)
    case 'launchd':
      return planLaunchd(wish)
    case 'task-scheduler':
      return planScheduledTask(wish)
  }
}
