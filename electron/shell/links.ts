import { app } from 'electron'
import { filesAmong, type OpenedFiles } from './opened'
import { linkAmong, placeOfLink, type Place } from './places'
import { panelScheme } from './scheme'

/** macOS tells of each of several files by itself: they are taken as one, in ms. */
const togetherMs = 50

/**
 * Takes links of the system (`regie://services/comfyui`) and files that are opened with Regie or dropped on its icon, from
 * whichever program and at whichever start, and calls `show` with the place that one names; for a link that names none,
 * and for a second start, with none.
 */
export function takeLinks(show: (place?: Place) => void, opened: OpenedFiles): void {
  // A clone's Electron would be named without the program that it is to run.
  if (app.isPackaged) app.setAsDefaultProtocolClient(panelScheme)
  const open = (link: string | null) => show((link === null ? null : placeOfLink(link)) ?? undefined)
  // macOS tells of a link by an event, also of the one that it was started by.
  app.on('open-url', (event, link) => {
    event.preventDefault()
    open(link)
  })
  const placeOfFiles = (args: readonly string[], cwd: string, hasLink: boolean) =>
    opened.offer(filesAmong(args, { cwd, platform: process.platform, hasLink }))
  let together: string[] = []
  app.on('open-file', (event, file) => {
    event.preventDefault()
    if (together.length === 0)
      setTimeout(() => {
        const place = placeOfFiles(together, '/', false)
        together = []
        if (place !== null) show(place)
      }, togetherMs)
    together.push(file)
  })
  app.on('second-instance', (_event, args, cwd) => {
    const link = linkAmong(args)
    const place = placeOfFiles(args.slice(1), cwd, link !== null)
    if (place === null) open(link)
    else show(place)
  })
  const started = linkAmong(process.argv)
  const startedWith = placeOfFiles(process.argv.slice(1), process.cwd(), started !== null)
  if (startedWith !== null) show(startedWith)
  else if (started !== null) open(started)
}
