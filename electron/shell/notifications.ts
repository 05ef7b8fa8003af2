import { Notification } from 'electron'
import type { Announcement } from './announcements'
import { notificationText } from './notification-text'

/** A button of a notification. */
interface NotificationButton {
  title: string
  press: () => void
}

/** What is on screen, or in the system's list: without a reference nobody would be told of a click. */
const shown = new Set<Notification>()

/** So many are remembered; older ones do nothing when they are clicked. */
const mostShown = 50

/**
 * Shows a notification of the system, where there are any; a click on it calls `clicked`. Buttons are shown by macOS and
 * Windows, and left out by Linux.
 */
export function showNotification(
  text: Announcement,
  clicked: () => void,
  buttons: readonly NotificationButton[] = [],
): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({
    ...notificationText(text, process.platform),
    actions: buttons.map(({ title }) => ({ type: 'button', text: title })),
  })
  const forget = () => shown.delete(notification)
  notification.on('click', () => {
    forget()
    clicked()
  })
  notification.on('action', ({ actionIndex }) => {
    forget()
    buttons[actionIndex]?.press()
  })
  notification.on('failed', forget)
  shown.add(notification)
  const [oldest] = shown
  if (shown.size > mostShown && oldest) shown.delete(oldest)
  notification.show()
}
