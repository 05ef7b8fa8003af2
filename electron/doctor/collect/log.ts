import type { Evidence } from '../evidence'

/** What the lines of a log, redacted and oldest first, tell of the login. Only the last start counts. */
export function readLog(lines: readonly string[]): Omit<Evidence['log'], 'read'> {
  const last = (pattern: RegExp) => lines.findLast((line) => pattern.test(line)) ?? null
  const token = last(/For direct API calls, use token=/)
  return {
    importFailed: last(/(?:Cannot import|\(IMPORT FAILED\)).*ComfyUI-Login/i)?.slice(0, 300) ?? null,
    printedToken: /use token=\[secret ([0-9a-f]{12})\]/.exec(token ?? '')?.[1] ?? null,
    brokenApiAuth:
      last(/ValueError: (?:too many|not enough) values to unpack/)
        ?.trim()
        .slice(0, 300) ?? null,
  }
}
