import type { ReleaseWait } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { DesktopActions, PanelParts } from '../api/context'
import type { Audit } from '../audit/audit'

interface RestartOptions {
  desktop: Pick<DesktopActions, 'restart'> | null
  /** What an end of Regie would cut off. */
  underWay: () => ReleaseWait[]
  audit: Pick<Audit, 'appendFirst'>
}

/** Starts Regie again on a person's word. Without a desktop whatever has started it does. */
export const createRestart =
  ({ desktop, underWay, audit }: RestartOptions): PanelParts['restart'] =>
  async (who) => {
    if (desktop === null) throw new Problem('desktop.unavailable')
    if (underWay().length > 0) throw new Problem('release.busy')
    await audit.appendFirst({ who, action: 'panel.restart', target: '' })
    // Once more: whatever has begun while that was written comes first.
    if (underWay().length > 0) throw new Problem('release.busy')
    desktop.restart()
  }
