/** Cuts text that comes in pieces into lines; a carriage return ends one too, as progress bars use it. */
export function createLineReader(onLine: (line: string) => void) {
  let rest = ''
  return {
    push(text: string) {
      const lines = (rest + text).split(/\r\n|\r|\n/)
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.trim() !== '') onLine(line)
    },
    end() {
      if (rest.trim() !== '') onLine(rest)
      rest = ''
    },
  }
}
