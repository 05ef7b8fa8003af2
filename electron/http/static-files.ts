import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

const contentSecurityPolicy = (style: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${style}`,
    "img-src 'self' data: blob:",
    "media-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Every file below a folder, by its name in an address. */
async function listFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const below = path.join(folder, path.sep).length - 1
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name)
        return [file.slice(below).replaceAll(path.sep, '/'), file] as const
      })
      // What begins with a dot is the build's own: it tells which package of which version is in it.
      .filter(([name]) => !name.includes('/.')),
  )
}

/**
 * Serves the built renderer. The files are listed once, when one is asked for first; only exact names are answered, so no
 * path can lead outside. Files with a hash in their name are cached for ever, pages never.
 */
export function createStaticFiles(folder: string) {
  let listed: Promise<ReadonlyMap<string, string>> | undefined
  const find = async (name: string) => {
    listed ??= listFiles(folder).catch((error: unknown) => {
      listed = undefined
      throw error
    })
    return (await listed).get(name)
  }

  /** A page with a fresh nonce for the style elements that Mantine makes. */
  const page = async (name: string, styleSource?: string): Promise<Response | null> => {
    const file = await find(name)
    if (!file) return null
    const nonce = randomBytes(16).toString('base64')
    const html = (await readFile(file, 'utf8')).replaceAll('{{nonce}}', nonce)
    return new Response(html, {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': contentSecurityPolicy(styleSource ?? `'nonce-${nonce}'`),
      },
    })
  }

  return {
    /** The panel itself. */
    index: () => page('/index.html'),
    /** The API page. Swagger UI writes style attributes, which a nonce cannot allow. */
    apiDocs: () => page('/api-docs.html', "'unsafe-inline'"),
    /** The documentation: every page of it is made by the one. */
    docs: () => page('/docs.html'),
    /** One file of the build, or null. */
    async get(pathname: string): Promise<Response | null> {
      const file = await find(pathname)
      if (!file || file.endsWith('.html')) return null
      return new Response(await readFile(file), {
        headers: {
          'content-type': types[path.extname(file)] ?? 'application/octet-stream',
          'cache-control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        },
      })
    },
  }
}
