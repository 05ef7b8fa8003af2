/** What a container sees, in the words of a Compose file. */
export interface NamedMount {
  type: string
  source: string
  target: string
  readOnly: boolean
}

/** Reads the short form: `./data:/data:ro`, `D:\data:/data`, `named:/data`, `/anonymous`. */
export function parseMount(text: string): NamedMount {
  const match = /^(?<source>[A-Za-z]:[\\/].*?|[^:]+):(?<target>[A-Za-z]:\\[^:]+|[^:]+)(?::(?<mode>[^:]+))?$/.exec(text)
  const { source = '', target = text, mode = '' } = match?.groups ?? {}
  const isPath = /^([A-Za-z]:[\\/]|[./~\\])/.test(source)
  return { type: isPath ? 'bind' : 'volume', source, target, readOnly: mode.split(',').includes('ro') }
}
