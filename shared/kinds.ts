/** Something that a program keeps for everybody who uses it. */
type CommonThing = 'saved-workflows' | 'input-files' | 'custom-nodes' | 'web-pages' | 'untold-jobs'

/** What page and core both need to know of a kind of backend. What only the core needs stands in `electron/kinds`. */
interface KindFacts {
  /** As it is called in every language. */
  name: string
  /** What opens a service of this kind. */
  scheme: 'comfyui-login' | 'basic'
  icon: 'graph' | 'hammer'
  /** Where the program listens by itself; a simulated service keeps clear of that, and so does its gateway. */
  port: { real: number; simulated: number; gateway: number }
  /** A path that the credential protects, so that a 200 says something. */
  protectedPath: string
  /** Where clients learn of its progress: told over a WebSocket, or asked for. */
  progress: { told: string } | { asked: string }
  /** What the gateway cannot keep apart between people, for the page to say. */
  common: readonly CommonThing[]
  /** Variables by which clients know such a service; the names are those of the users' notebooks. */
  variables: Record<'url' | 'username' | 'password' | 'token', string>
}

const forge = {
  name: 'Forge',
  scheme: 'basic',
  icon: 'hammer',
  port: { real: 7860, simulated: 17_862, gateway: 9860 },
  protectedPath: '/sdapi/v1/options',
  progress: { asked: '/sdapi/v1/progress?skip_current_image=true' },
  common: ['web-pages', 'untold-jobs'],
  variables: { url: 'FORGE_URL', username: 'FORGE_USER', password: 'FORGE_PASSWORD', token: 'FORGE_TOKEN' },
} as const satisfies KindFacts

/** Every kind of backend. One more is a line here, a folder in `electron/kinds`, and its words. */
export const kinds = {
  comfyui: {
    name: 'ComfyUI',
    scheme: 'comfyui-login',
    icon: 'graph',
    port: { real: 8188, simulated: 18_190, gateway: 9188 },
    protectedPath: '/system_stats',
    progress: { told: '/ws' },
    common: ['saved-workflows', 'input-files', 'custom-nodes'],
    variables: {
      url: 'COMFYUI_API_URL',
      username: 'COMFYUI_USERNAME',
      password: 'COMFYUI_PASSWORD',
      token: 'COMFYUI_AUTH_TOKEN',
    },
  },
  forge,
  'forge-neo': { ...forge, name: 'Forge Neo', port: { real: 7860, simulated: 17_864, gateway: 9860 } },
} as const satisfies Record<string, KindFacts>

export type KindId = keyof typeof kinds

/** In the order in which they are offered. */
export const kindIds = Object.keys(kinds) as KindId[]

/** What is offered first, and what examples speak of. */
export const firstKind: KindId = 'comfyui'

/** The kind that a credential of this scheme opens most likely; null for one that may open anything. */
export const kindOfScheme = (scheme: string): KindId | null => kindIds.find((id) => kinds[id].scheme === scheme) ?? null

/** The ready-made stacks, each with the kind that it deploys. */
export const stackKinds = {
  'comfyui-qwen': 'comfyui',
  'forge-neo': 'forge-neo',
  'forge-turbo': 'forge',
} as const satisfies Record<string, KindId>

export const stackIds = Object.keys(stackKinds) as (keyof typeof stackKinds)[]
