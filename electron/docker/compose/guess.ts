import type { ComposeProjectService, ServiceKind } from '../../../shared/contract'

/** What is known of a Compose service, from its container or from its files. */
export interface Clues {
  name: string
  image: string | null
  containerName: string | null
  command: readonly string[] | null
  labels: Readonly<Record<string, string>>
  ports: ComposeProjectService['ports']
}

const names: { kind: ServiceKind; text: RegExp }[] = [
  { kind: 'comfyui', text: /comfy/i },
  { kind: 'forge', text: /forge|stable-diffusion-webui|sd-webui|automatic1111|a1111|sdnext/i },
]
const commands: { kind: ServiceKind; text: RegExp }[] = [
  { kind: 'forge', text: /--gradio-auth|--api-auth|\bwebui(\.sh|-user)?\b|\blaunch\.py\b/i },
  { kind: 'comfyui', text: /ComfyUI|--use-split-cross-attention|\bmain\.py\b.*--listen/i },
]
const portsOf: Record<ServiceKind, readonly number[]> = { comfyui: [8188], forge: [17860, 7860, 7861] }

/** Helpers that stand beside a backend and carry its name. */
const isHelper = ({ name, labels }: Clues) =>
  labels['com.myia.type'] === 'sidecar' || /monitor|sidecar|proxy|init$/i.test(name)

const kindByName = (clues: Clues): { kind: ServiceKind; why: string } | null => {
  const places = [
    ['service', clues.name],
    ['container', clues.containerName],
    ['image', clues.image],
    ['label', Object.entries(clues.labels).find(([key]) => !key.startsWith('com.docker.'))?.[1] ?? null],
  ] as const
  for (const { kind, text } of names)
    for (const [place, said] of places) if (said !== null && text.test(said)) return { kind, why: `${place} ${said}` }
  const line = (clues.command ?? []).join(' ')
  const byCommand = commands.find(({ text }) => text.test(line))
  return byCommand ? { kind: byCommand.kind, why: `command ${byCommand.text.exec(line)?.[0] ?? ''}` } : null
}

const kindByPort = ({ ports }: Clues): { kind: ServiceKind; why: string } | null => {
  for (const kind of ['comfyui', 'forge'] as const) {
    const port = ports.find(({ containerPort }) => portsOf[kind].includes(containerPort))
    if (port) return { kind, why: `port ${port.containerPort}` }
  }
  return null
}

const everywhere = new Set(['', '0.0.0.0', '::', '127.0.0.1', '::1', 'localhost'])

/** Where a published port is reached; `engineHost` is the machine on which the engine runs. */
const urlOf = ({ hostIp, hostPort }: { hostIp: string; hostPort: number }, engineHost: string): string => {
  const host = everywhere.has(hostIp) ? engineHost : hostIp
  return `http://${host.includes(':') ? `[${host}]` : host}:${hostPort}`
}

/** What a Compose service looks like, and why; `null` when it looks like neither backend or publishes no port. */
export function guessService(clues: Clues, engineHost = '127.0.0.1'): ComposeProjectService['guess'] {
  if (isHelper(clues)) return null
  const guess = kindByName(clues) ?? kindByPort(clues)
  if (!guess) return null
  const published = clues.ports.filter(({ hostPort }) => hostPort > 0)
  // A known port first; 1111 is the portal of the images that Forge is packed in.
  const port =
    published.find(({ containerPort }) => portsOf[guess.kind].includes(containerPort)) ??
    published.find(({ containerPort }) => containerPort !== 1111)
  return port ? { kind: guess.kind, url: urlOf(port, engineHost), why: guess.why } : null
}
