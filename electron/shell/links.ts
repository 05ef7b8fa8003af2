import { app } from 'electron'
import { linkAmong, placeOfLink, type Place } from './places'
import { panelScheme } from './scheme'

/**
 * Takes links of the system (`regie://services/comfyui`), from whichever program and at whichever start, and calls
 * `show` with the place that one names; for a link that names none, and for a second start, with none.
 */
export function takeLinks(show: (place?: Place) => void): void {
  // A clone's Electron would be named without the program that it is to run.
  if (app.isPackaged) app.setAsDefaultProtocolClient(panelScheme)
  const open = (link: string | null) => show((link === null ? null : placeOfLink(link)) ?? undefined)
  // macOS tells of a link by an event, also of the one that it was started by.
  app.on('open-url', (event, link) => {
    event.preventDefault()
    open(link)
  })
  app.on('second-instance', (_event, args) => open(linkAmong(args)))
  const started = linkAmong(process.argv)
  if (started !== null) open(started)
}
