import { protocol, type Session } from 'electron'
import { createDesktopDoor, type DesktopHandler } from './door'
import { panelScheme } from './scheme'

/** Gives the panel's scheme the rights of https: an origin of its own, fetch, streamed bodies. Call before `ready`. */
export function registerPanelScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: panelScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/** Serves the panel to the windows of one session, and to no other. */
export function serveDesktopDoor(session: Session, handler: DesktopHandler): void {
  session.protocol.handle(panelScheme, createDesktopDoor(handler))
}
