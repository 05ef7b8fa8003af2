import i18next from 'i18next'
import type { Generation } from '../../../shared/contract'

const key = 'regie.studio.notify'

/** Whether this browser tells of images that are done while nobody looks; the desktop's shell does so by itself. */
export const isNotifying = (): boolean =>
  'Notification' in window && localStorage.getItem(key) === 'on' && Notification.permission === 'granted'

/** Asks the browser, on the person's word. Resolves with whether it may notify from now on. */
export async function startNotifying(): Promise<boolean> {
  if (!('Notification' in window) || (await Notification.requestPermission()) !== 'granted') return false
  localStorage.setItem(key, 'on')
  return true
}

export const stopNotifying = (): void => localStorage.removeItem(key)

let count = 0

const plain = (title: string) => title.replace(/^\(\d+\) /, '')

/** The tab says how many are done, until somebody looks. */
function markTab(): void {
  count += 1
  document.title = `(${count}) ${plain(document.title)}`
  if (count > 1) return
  const look = () => {
    if (document.hidden) return
    count = 0
    document.title = plain(document.title)
    document.removeEventListener('visibilitychange', look)
  }
  document.addEventListener('visibilitychange', look)
}

/** Tells of a generation that has ended while the page is not looked at: by the tab's title, and by a notification. */
export async function tellDone({ id, state, serviceId, params }: Generation): Promise<void> {
  if (!document.hidden || (state !== 'succeeded' && state !== 'failed')) return
  markTab()
  if (!isNotifying()) return
  await i18next.loadNamespaces('studio')
  const title = i18next.t(state === 'succeeded' ? 'studio:notify.done' : 'studio:notify.failed', { service: serviceId })
  const notification = new Notification(title, { body: params.prompt.slice(0, 120), tag: id })
  notification.onclick = () => {
    window.focus()
    location.hash = `#/gallery/${encodeURIComponent(id)}`
    notification.close()
  }
}
