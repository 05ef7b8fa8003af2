import { isSessionKey } from '../secrets'

/** Python's `datetime.now().isoformat()`. With a time zone, or with a line end behind it, the plugin would not load. */
const pythonTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{3}(?:\d{3})?)?$/

/**
 * ComfyUI-Login's `.secret-key.txt`: key and time on one line without an end. The time says when it makes a new key by
 * itself (30 days later); hours do not matter to it, so UTC stands for the container's own time.
 */
export const renderSessionKey = (key: string, now: Date): string => `${key},${now.toISOString().replace('Z', '000')}`

/** The key; null for a file that ends the plugin's import, after which ComfyUI runs without any protection. */
export function readSessionKey(text: string): string | null {
  const [key = '', time = '', ...more] = text.split(',')
  return more.length === 0 && isSessionKey(key) && pythonTime.test(time) ? key : null
}
