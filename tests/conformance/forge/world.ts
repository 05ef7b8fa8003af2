import { z } from 'zod'
import type { ForgeAccess } from '../options'
import type { Credential, World } from '../row'
import { ask, cookiesOf, form, type Answer } from '../talk'

export interface ForgeFacts {
  /** Whether the API was asked for: off leaves the routes of extensions. */
  api: 'open' | 'guarded' | 'off'
  /** The web interface: with `--gradio-auth`, without, or none at all (`--nowebui`). */
  pages: 'open' | 'guarded' | 'none'
  /** Whether it has a checkpoint to make pictures with. */
  model: boolean
  /** Forge Neo, the fork; not told where the API is off. */
  neo: boolean
}

export interface ForgeWorld extends World {
  facts: ForgeFacts
  account: ForgeAccess['account']
  /** Headers of HTTP Basic alone, for any pair. */
  basic: (username: string, password: string) => Record<string, string>
}

const basic = (username: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
})

const Detail = z.object({ detail: z.string() })

function apiOf({ status, json }: Answer): ForgeFacts['api'] | null {
  if (status === 200) return 'open'
  if (status === 401 && Detail.safeParse(json).success) return 'guarded'
  return status === 404 ? 'off' : null
}

/** The cookie of a sign-in to the pages; none where that is refused. */
async function signIn(url: string, account: ForgeAccess['account']): Promise<Record<string, string>> {
  if (!account) return {}
  const answer = await ask(url, { path: '/login', ...form(account) })
  const cookie = cookiesOf(answer)
  return cookie === '' ? {} : { cookie }
}

/** Looks at an installation as far as the rows depend on it. Changes nothing but a session of the pages. */
export async function lookAtForge({ url, account }: ForgeAccess): Promise<ForgeWorld> {
  const [options, config, loras, networks] = await Promise.all([
    ask(url, { path: '/sdapi/v1/options' }),
    ask(url, { path: '/config' }),
    ask(url, { path: '/sdapi/v1/loras' }),
    // The fork has them no more.
    ask(url, { path: '/sdapi/v1/hypernetworks' }),
  ])
  const api = apiOf(options)
  if (api === null || loras.status !== 200)
    throw new Error(
      `${url}: /sdapi/v1/options answers ${options.status}, /sdapi/v1/loras ${loras.status}: this is no Forge that can be asked`,
    )
  const pages = config.status === 404 ? 'none' : config.status === 401 ? 'guarded' : 'open'
  const cookie = pages === 'guarded' ? await signIn(url, account) : {}
  const headers = (credential: Credential): Record<string, string> => {
    if (credential === 'wrong') return basic(account?.username ?? 'regie', 'certainly-not-this-one')
    return credential === 'right' && account ? { ...basic(account.username, account.password), ...cookie } : {}
  }
  const models = api === 'off' ? null : await ask(url, { path: '/sdapi/v1/sd-models', headers: headers('right') })
  const neo = api !== 'off' && networks.status === 404
  const model = Array.isArray(models?.json) && models.json.length > 0
  return { url, headers, account, basic, secrets: account ? [account.password] : [], facts: { api, pages, model, neo } }
}
