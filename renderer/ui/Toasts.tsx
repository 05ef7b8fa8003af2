import { Notifications } from '@mantine/notifications'

export { notifications } from '@mantine/notifications'

/** The toasts themselves; used through ui/toast. */
export default function Toasts() {
  return <Notifications position="bottom-right" limit={4} />
}
