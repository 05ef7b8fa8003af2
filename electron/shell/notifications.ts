import { Notification } from 'electron'

/** Shows a notification of the system, where there are any; a click on it calls `clicked`. */
export function showNotification(text: { title: string; body: string }, clicked: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification(text)
  notification.on('click', clicked)
  notification.show()
}
