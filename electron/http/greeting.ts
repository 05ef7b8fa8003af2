/** What a panel without a window tells whoever started it. */
export interface Greeting {
  /** Where it listens. */
  url: string
  /** Signs in once; null where what is printed is kept, as a journal does. */
  link: string | null
  dataFolder: string
  demo: boolean
}

/** The lines that a panel without a window prints once it can be reached. */
export function greeting({ url, link, dataFolder, demo }: Greeting): string {
  const lines = [
    `Regie listening on ${url}`,
    ...(link === null ? [] : [`Sign in once with ${link}`]),
    ...(demo ? ['Demo mode: for evaluation only. Keep no real credentials in this vault.'] : []),
    `Data folder: ${dataFolder}`,
    ...(link === null ? [] : ['Press Ctrl+C to stop.']),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** Whether a browser can be opened: on Linux that takes a display. */
export const hasDisplay = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean =>
  platform !== 'linux' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY'])

/**
 * Why a port cannot be listened on: names what answers there where that is another Regie. `ask` answers whether a
 * panel is at an address.
 */
export async function explainTakenPort(
  { host, port }: { host: string; port: number },
  ask: (address: string) => Promise<boolean> = isPanel,
): Promise<string> {
  const name = host.includes(':') ? `[${host}]` : host
  const address = `http://${name.replace(/^(0\.0\.0\.0|\[::\])$/, '127.0.0.1')}:${port}/`
  const other = 'choose another port with --port, or --port 0 for any that is free.'
  return (await ask(address))
    ? `Another Regie is running at ${address}. Open that address, or ${other}`
    : `Port ${port} is in use by another program: ${other}`
}

/** How long something at a port may take to say what it is, in ms. */
const patienceMs = 1000

async function isPanel(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}api/v1/health`, { signal: AbortSignal.timeout(patienceMs) })
    const body: unknown = await response.json()
    return typeof body === 'object' && body !== null && 'status' in body && 'version' in body
  } catch {
    return false
  }
}
