import { reason, type Reason } from '../../shared/problems'
import type { Machine } from '../system/machine'

/** What a line that is no row means for the report. */
export type Message =
  /** No GPU can be read here until somebody acts. */
  | { effect: 'absent'; reason: Reason }
  | { effect: 'no-devices'; reason: Reason }
  /** One GPU is gone or something is wrong; the other rows are good. */
  | { effect: 'warning'; reason: Reason }
  /** This driver does not know a column: ask again without it. */
  | { effect: 'drop-field'; field: string }

const busId = String.raw`((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f])`
const deviceHandle = new RegExp(String.raw`handle for gpu\s*(?:\d{1,3}:\s+)?${busId}`, 'i')
const device = new RegExp(String.raw`gpu\s*(?:\d{1,3}:\s+)?${busId}`, 'i')
const nvml = /failed to initialize nvml/i

interface Rule {
  text: RegExp
  read: (line: string, machine: Pick<Machine, 'isWsl' | 'isContainer'>) => Message
}

/** Texts by substring, without case: NVIDIA's wording differs between drivers. The first that fits counts. */
const rules: Rule[] = [
  {
    text: /field "([^"]+)" is not a valid field to query/i,
    read: (line) => ({ effect: 'drop-field', field: /"([^"]+)"/.exec(line)?.[1] ?? '' }),
  },
  {
    text: /couldn't communicate with the nvidia driver/i,
    read: (_, { isWsl }) => ({
      effect: 'absent',
      reason: reason(isWsl ? 'gpu.driver-wsl' : 'gpu.driver-not-loaded'),
    }),
  },
  {
    text: /driver\/library version mismatch/i,
    read: () => ({ effect: 'absent', reason: reason('gpu.version-mismatch') }),
  },
  {
    text: /gpu access blocked by the operating system/i,
    read: () => ({ effect: 'absent', reason: reason('gpu.blocked') }),
  },
  {
    text: /no devices were found|no supported gpus were found/i,
    read: () => ({ effect: 'no-devices', reason: reason('gpu.no-devices') }),
  },
  {
    text: /unable to determine the device handle|gpu is lost/i,
    read: (line) => ({ effect: 'warning', reason: reason('gpu.lost', { gpu: deviceHandle.exec(line)?.[1] ?? '?' }) }),
  },
  {
    text: /insufficient permissions/i,
    read: () => ({ effect: 'absent', reason: reason('gpu.no-permission') }),
  },
  {
    text: /couldn't find libnvidia-ml/i,
    read: () => ({ effect: 'absent', reason: reason('gpu.library-missing') }),
  },
  {
    // The line that says why; the next one, “Failed to properly shut down NVML”, only repeats it.
    text: nvml,
    read: (line, machine) => ({ effect: 'absent', reason: nvmlFailure(line, machine) }),
  },
  {
    text: /inforom is corrupted/i,
    read: (line) => ({ effect: 'warning', reason: reason('gpu.inforom', { gpu: device.exec(line)?.[1] ?? '?' }) }),
  },
]

/** NVML that does not start for a reason that no rule knows. */
function nvmlFailure(line: string, { isWsl, isContainer }: Pick<Machine, 'isWsl' | 'isContainer'>): Reason {
  // Seen where a container lost the GPU's device nodes; elsewhere the same words mean something else.
  if (isContainer && /nvml: unknown error/i.test(line)) return reason('gpu.nvml-lost')
  return reason(isWsl ? 'gpu.nvml-wsl' : 'gpu.nvml-failed', { words: line.slice(0, longestWords) })
}

/** How much of nvidia-smi's own words a report quotes, in UTF-16 units. They hold no secret: it was given none. */
export const longestWords = 300

/** How much of a line is looked at: what it is about, it says at its beginning. */
const lookedAt = 2_000

/** What a message of nvidia-smi means; `null` for one that says nothing by itself (a second line, an empty one). */
export function readMessage(line: string, machine: Pick<Machine, 'isWsl' | 'isContainer'>): Message | null {
  const text = line.slice(0, lookedAt)
  return rules.find((rule) => rule.text.test(text))?.read(text, machine) ?? null
}

/** Exit codes of nvidia-smi's manual page, for an end without a word. */
export function explainExitCode(code: number | null, words: string, { isWsl }: Pick<Machine, 'isWsl'>): Reason {
  switch (code) {
    case 4:
      return reason('gpu.no-permission')
    case 6:
      return reason('gpu.no-devices')
    case 9:
      return reason(isWsl ? 'gpu.driver-wsl' : 'gpu.driver-not-loaded')
    case 12:
      return reason('gpu.library-missing')
    case 15:
      return reason('gpu.lost', { gpu: '?' })
    case 18:
      return reason('gpu.version-mismatch')
    case null:
    default:
      return reason('gpu.failed', { code: code ?? 'signal', words: words || '–' })
  }
}
