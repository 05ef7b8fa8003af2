import { reason, type Reason } from '../../shared/problems'

/** What a line that is no row means for the report. */
export type Message =
  /** No GPU can be read here until somebody acts. */
  | { effect: 'absent'; reason: Reason }
  | { effect: 'no-devices'; reason: Reason }
  /** One GPU is gone or something is wrong; the other rows are good. */
  | { effect: 'warning'; reason: Reason }
  /** This driver does not know a column: ask again without it. */
  | { effect: 'drop-field'; field: string }

const device = (line: string) =>
  /handle for gpu\s*(?:\d+:\s*)?([0-9a-f]{4,8}:[0-9a-f:.]+?)[:.]?\s/i.exec(line)?.[1] ?? '?'
const busId = (line: string) => /gpu ([0-9a-f]{4,8}:[0-9a-f:.]+)/i.exec(line)?.[1] ?? '?'

/** Texts by substring, without case: NVIDIA's wording differs between drivers. The first that fits counts. */
const rules: { text: RegExp; read: (line: string) => Message }[] = [
  {
    text: /field "([^"]+)" is not a valid field to query/i,
    read: (line) => ({ effect: 'drop-field', field: /"([^"]+)"/.exec(line)?.[1] ?? '' }),
  },
  {
    text: /couldn't communicate with the nvidia driver/i,
    read: () => ({ effect: 'absent', reason: reason('gpu.driver-not-loaded') }),
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
    read: (line) => ({ effect: 'warning', reason: reason('gpu.lost', { gpu: device(line) }) }),
  },
  {
    text: /failed to initialize nvml: unknown error/i,
    read: () => ({ effect: 'absent', reason: reason('gpu.nvml-lost') }),
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
    text: /inforom is corrupted/i,
    read: (line) => ({ effect: 'warning', reason: reason('gpu.inforom', { gpu: busId(line) }) }),
  },
]

/** What a message of nvidia-smi means; `null` for one that says nothing by itself (a second line, an empty one). */
export function readMessage(line: string): Message | null {
  return rules.find((rule) => rule.text.test(line))?.read(line) ?? null
}

/** Exit codes of nvidia-smi's manual page, for an end without a word. */
export function explainExitCode(code: number | null, words: string): Reason {
  switch (code) {
    case 4:
      return reason('gpu.no-permission')
    case 6:
      return reason('gpu.no-devices')
    case 9:
      return reason('gpu.driver-not-loaded')
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
