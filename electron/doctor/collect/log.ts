import type { ServiceKind } from '../../../shared/contract'
import { kindOf } from '../../kinds'
import type { LogTraces } from '../../kinds/symptoms'

export const noTraces: LogTraces = { importFailed: null, printedToken: null, brokenApiAuth: null, webThread: null }

/** What the lines of a service's log, redacted and oldest first, tell of its credential. Only the last start counts. */
export const readLog = (kind: ServiceKind, lines: readonly string[]): LogTraces => ({
  ...noTraces,
  ...kindOf(kind).symptoms.readLog(lines),
})
