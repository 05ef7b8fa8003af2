// Chromium cannot load a scheme that it does not know: scheme://host/path is shown to it as
// https://host.scheme.invalid/path, and shown to the program as what it is.
const registered = new Set()

export const registerScheme = (scheme) => registered.add(scheme)
export const isRegistered = (scheme) => registered.has(scheme)

/** The address as the browser sees it. */
export function toBrowser(address) {
  const match = /^([a-z]+):\/\/([^/?#]*)(.*)$/s.exec(address)
  if (!match || !registered.has(match[1])) return address
  const url = new URL(`https://${match[2]}.${match[1]}.invalid${match[3]}`)
  // Lets a run choose how the page is opened, e.g. HOST_QUERY=link=fetch.
  for (const [name, value] of new URLSearchParams(process.env.HOST_QUERY)) url.searchParams.set(name, value)
  return url.href
}

/** The address as the program would see it in Electron. */
export function toProgram(address) {
  const blob = address.startsWith('blob:') ? 'blob:' : ''
  const match = /^https:\/\/([^/?#]*)\.([a-z]+)\.invalid(?::443)?(.*)$/s.exec(address.slice(blob.length))
  return match && registered.has(match[2]) ? `${blob}${match[2]}://${match[1]}${match[3]}` : address
}
