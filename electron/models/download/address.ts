import { Problem } from '../../../shared/problems'

/** Where a file is asked for, and where its hub tells more of it. */
export interface ModelAddress {
  url: URL
  hub: 'huggingface' | 'civitai' | 'other'
  /** What answers the names and hashes of the files of a version; null where nothing does. */
  about: URL | null
}

/** Names of parameters in which people put secrets. */
const secretNames = /^(?:token|api[-_]?key|key|access[-_]?token|auth(?:orization)?|password|secret)$/i

/** How an address is shown and written down: without what may be signed or secret. */
export const shownAddress = (url: URL): string => `${url.origin}${url.pathname}`

/** A whole address of HTTPS. Throws `library.address`, `library.not-https` and `library.secret-in-address`. */
export function secureAddress(text: string, base?: URL): URL {
  if (!URL.canParse(text, base)) throw new Problem('library.address')
  const url = new URL(text, base)
  if (url.protocol !== 'https:') throw new Problem('library.not-https', { host: url.host })
  if (url.username !== '' || url.password !== '') throw new Problem('library.secret-in-address')
  url.hash = ''
  return url
}

const isOf = (url: URL, domain: string) => url.hostname === domain || url.hostname.endsWith(`.${domain}`)

/**
 * `/api/download/models/VERSION` redirects to a signed address, https://education.civitai.com/civitais-guide-to-downloading-via-api;
 * what a version has is told by https://developer.civitai.com/site/reference/model-versions.
 */
function civitai(url: URL): ModelAddress {
  const version = url.searchParams.get('modelVersionId') ?? /^\/api\/download\/models\/(\d+)$/.exec(url.pathname)?.[1]
  if (version === undefined || !/^\d{1,15}$/.test(version)) return { url, hub: 'civitai', about: null }
  const file = new URL(`/api/download/models/${version}`, url.origin)
  // Which of the files of a version is meant: by its properties, or, where several have the same, by its own number.
  for (const name of ['type', 'format', 'size', 'fp', 'fileId'])
    for (const value of url.searchParams.getAll(name)) file.searchParams.append(name, value)
  return { url: file, hub: 'civitai', about: new URL(`/api/v1/model-versions/${version}`, url.origin) }
}

/** Reads what a person gave: a page of Hugging Face or CivitAI stands for its file. Throws Problems. */
export function readAddress(text: string): ModelAddress {
  const url = secureAddress(text.trim())
  for (const name of url.searchParams.keys()) if (secretNames.test(name)) throw new Problem('library.secret-in-address')
  if (isOf(url, 'huggingface.co') || url.hostname === 'hf.co') {
    url.pathname = url.pathname.replace(/^(\/(?:datasets\/)?[^/]+\/[^/]+)\/blob\//, '$1/resolve/')
    return { url, hub: 'huggingface', about: null }
  }
  return isOf(url, 'civitai.com') || isOf(url, 'civitai.red') ? civitai(url) : { url, hub: 'other', about: null }
}
