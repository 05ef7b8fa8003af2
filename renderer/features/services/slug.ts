/** A name as an id: lower-case letters and digits, anything else a hyphen; empty where nothing is left. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)
    .replaceAll(/-+$/g, '')

/** The id, with a number where it is taken. */
export function freeId(wanted: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const end = number === 1 ? '' : `-${number}`
    const id = `${wanted.slice(0, 63 - end.length)}${end}`
    if (!taken.includes(id)) return id
  }
}

export const isId = (text: string) => /^[a-z0-9][a-z0-9_-]{0,62}$/.test(text)

/** The id that is typed as the name, or that the name makes; empty where a name has no letter or digit of an id. */
export const idOfName = (name: string): string => (isId(name.trim()) ? name.trim() : slugOf(name))
