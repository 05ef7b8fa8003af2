import { z } from 'zod'
import type { ForgeAccess } from '../options'
import type { World } from '../row'
import { ask } from '../talk'

export interface ForgeFacts {
  /** Whether the API wants the account. */
  apiGuarded: boolean
}

export interface ForgeWorld extends World {
  facts: ForgeFacts
  account: ForgeAccess['account']
}

const basic = (username: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
})

const Refusal = z.object({ detail: z.string() })

/** Looks at an installation as far as the rows depend on it. Sends nothing that changes anything. */
export async function lookAtForge({ url, account }: ForgeAccess): Promise<ForgeWorld> {
  const options = await ask(url, { path: '/sdapi/v1/options' })
  const apiGuarded = options.status === 401 && Refusal.safeParse(options.json).success
  if (!apiGuarded && options.status !== 200 && options.status !== 404)
    throw new Error(`${url}/sdapi/v1/options answers ${options.status}: this is no Forge that can be asked`)
  const headers = (credential: 'none' | 'wrong' | 'right'): Record<string, string> => {
    if (credential === 'wrong') return basic(account?.username ?? 'regie', 'certainly-not-this-one')
    return credential === 'right' && account ? basic(account.username, account.password) : {}
  }
  return { url, headers, account, secrets: account ? [account.password] : [], facts: { apiGuarded } }
}
