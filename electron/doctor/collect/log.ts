import { deadWebThread } from '../../kinds'
import type { Evidence } from '../evidence'

/** ComfyUI says why when it fails, and that it failed once more in the list of import times. */
const importFailures = [/Cannot import .*ComfyUI-Login.*module for custom nodes/i, /\(IMPORT FAILED\).*ComfyUI-Login/i]

/** What the lines of a log, redacted and oldest first, tell of the login. Only the last start counts. */
export function readLog(lines: readonly string[]): Omit<Evidence['log'], 'read'> {
  const last = (pattern: RegExp) => lines.findLast((line) => pattern.test(line)) ?? null
  const token = last(/For direct API calls, use token=/)
  return {
    webThread: deadWebThread(lines),
    importFailed:
      importFailures
        .map(last)
        .find((line) => line !== null)
        ?.trim()
        .slice(0, 300) ?? null,
    printedToken: /use token=\[secret ([0-9a-f]{12})\]/.exec(token ?? '')?.[1] ?? null,
    brokenApiAuth:
      last(/ValueError: (?:too many|not enough) values to unpack/)
        ?.trim()
        .slice(0, 300) ?? null,
  }
}
