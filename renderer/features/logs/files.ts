import type { LogLine } from '../../../shared/contract'

/** The lines as a text file; of several services with their names. */
export const toText = (lines: readonly (LogLine & { service?: string })[]): string => {
  const isMerged = lines.some(({ service }) => service !== lines[0]?.service)
  return lines
    .map(({ at, service = '', stream, level, text }) =>
      [new Date(at).toISOString(), ...(isMerged ? [service] : []), stream, level, text].join(' '),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** Hands a text to the reader as a file. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
