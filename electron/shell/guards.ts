import type { App, Session, WebContents } from 'electron'
import path from 'node:path'
import { allowsDownload, allowsPermission, allowsRequest, safeFileName } from './policy'
import { isPanelUrl } from './scheme'

export interface GuardOptions {
  /** Takes the address for which a page wanted a new window; the page itself never gets one. */
  openLink: (address: string) => void
  refused: (what: 'navigation' | 'webview' | 'permission' | 'request' | 'download', detail: string) => void
}

/** Guards every page that this process will ever show, whoever makes it. Call before the first window. */
export function guardAllContents(app: App, options: GuardOptions): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, options))
}

function guardContents(contents: WebContents, { openLink, refused }: GuardOptions): void {
  const stayInPanel = (details: { url: string; preventDefault(): void }) => {
    if (isPanelUrl(details.url)) return
    details.preventDefault()
    refused('navigation', details.url)
  }
  contents.on('will-navigate', stayInPanel)
  contents.on('will-frame-navigate', stayInPanel)
  contents.on('will-redirect', stayInPanel)
  contents.on('will-attach-webview', (event, _preferences, parameters) => {
    event.preventDefault()
    refused('webview', parameters['src'] ?? '')
  })
  contents.setWindowOpenHandler(({ url }) => {
    openLink(url)
    return { action: 'deny' }
  })
}

/** Guards what the pages of one session may ask for: capabilities, devices, addresses, downloads. */
export function guardSession(session: Session, options: GuardOptions & { downloadsFolder: string }): void {
  const { refused, downloadsFolder } = options
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const granted = allowsPermission(permission, details.requestingUrl)
    if (!granted) refused('permission', permission)
    answer(granted)
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => allowsPermission(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !allowsRequest(url)
    if (cancel) refused('request', url)
    answer({ cancel })
  })
  session.on('will-download', (event, item) => {
    if (allowsDownload(item.getURL())) {
      item.setSaveDialogOptions({ defaultPath: path.join(downloadsFolder, safeFileName(item.getFilename())) })
      return
    }
    event.preventDefault()
    refused('download', item.getURL())
  })
}
