/** `NAME=value`, as Compose files, containers and images list variables; the value is null where no `=` stands. */
export function splitVariable(text: string): [name: string, value: string | null] {
  const at = text.indexOf('=')
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)]
}

/** What an engine says of a container's or an image's variables; one without `=` is empty there. */
export const variablesOfEngine = (listed: readonly string[]): [name: string, value: string][] =>
  listed.map((text) => {
    const [name, value] = splitVariable(text)
    return [name, value ?? '']
  })
