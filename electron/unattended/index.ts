import { label, planLaunchd } from './launchd'
import type { Manager, Plan, Wish } from './plan'
import { planScheduledTask, task } from './scheduled-task'
import { planSystemd, unit } from './systemd'

export { findInstalled, install, runProgram, shown, uninstall, type Run } from './apply'
export { readPassphrase } from './passphrase'
export { managerOf, unlockOf, unlocks, type Manager, type Plan, type Unlock, type Wish } from './plan'
export { launchOf } from './program'
export { oldestWithUserCredentials } from './systemd'

/** What a person types to have the system start the installed Regie again; a line for each command. */
export function restartCommand(manager: Manager, uid: number): string {
  switch (manager) {
    case 'systemd':
      return `systemctl --user restart ${unit}`
    case 'launchd':
      return `launchctl kickstart -k gui/${uid}/${label}`
    case 'task-scheduler':
      return `schtasks /End /TN ${task}\nschtasks /Run /TN ${task}`
  }
}

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
