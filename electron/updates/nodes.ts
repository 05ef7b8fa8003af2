/** What became of the classes of custom nodes from one version to the other. */
export function compareNodes(
  before: readonly string[],
  after: readonly string[],
): { missing: string[]; added: string[] } {
  const [old, fresh] = [new Set(before), new Set(after)]
  return { missing: before.filter((name) => !fresh.has(name)), added: after.filter((name) => !old.has(name)) }
}

/** So many names are told; more would not be read. */
const told = 12

/** Names in one line, the rest counted. */
export const nameSome = (names: readonly string[]): string =>
  names.length <= told ? names.join(', ') : `${names.slice(0, told).join(', ')} … (+${names.length - told})`
