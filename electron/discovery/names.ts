import type { Scheme, SecretField } from '../../shared/contract'
import { namesSecret, protectsService } from '../compose/lint/secrets'

/** What the name of a value tells about it. */
export interface Meaning {
  scheme: Scheme
  field: SecretField
  /** What belongs together: values of one topic are one credential, within their scope. */
  topic: string
  /** Which of several instances it is for, e.g. `qwen`; null when the name does not tell. */
  instance: string | null
  /** `instance`: one credential for each instance; `folder`: a name that everybody uses; `everywhere`: one in all. */
  scope: 'instance' | 'folder' | 'everywhere'
  /** It protects a service of this deployment; otherwise it opens somebody else's. */
  protects: boolean
}

/** Names of one and the same thing. */
const aliases: Record<string, string> = {
  HUGGINGFACE_TOKEN: 'HF_TOKEN',
  HUGGING_FACE_HUB_TOKEN: 'HF_TOKEN',
  HUGGINGFACE_HUB_TOKEN: 'HF_TOKEN',
  CIVITAI_API_KEY: 'CIVITAI_TOKEN',
  CIVITAI_API_TOKEN: 'CIVITAI_TOKEN',
  QDRANT_SERVICE_API_KEY: 'QDRANT_API_KEY',
}

const generic =
  /^(?:(?:API|ACCESS|AUTH|ADMIN|BEARER|REFRESH|CLIENT|APP|JWT)_)?(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|PASS|AUTH|API_KEY|SECRET_KEY|CREDENTIALS?)$/

/** `apiKey`, `api-key` and `API_KEY` are one name. */
export const upperName = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toUpperCase()

const comfyui = (field: SecretField, instance: string | null): Meaning => ({
  scheme: 'comfyui-login',
  field,
  topic: 'comfyui',
  instance,
  scope: 'instance',
  protects: true,
})

/** Words of a ComfyUI variable that name no instance. */
const plainWords = new Set(['API', 'AUTH', 'BEARER', 'ACCESS', 'LOGIN', 'RAW', 'USER', 'HASH', 'BCRYPT'])

function comfyuiMeaning(name: string): Meaning | null {
  if (name === 'BCRYPT_HASH') return comfyui('token', null)
  if (name === 'RAW_TOKEN') return comfyui('password', null)
  const qwen = /^(QWEN|WAN|FLUX)_(?:API|API_USER|USER|AUTH)_TOKEN$/.exec(name)
  if (qwen) return comfyui('token', (qwen[1] ?? '').toLowerCase())
  const match = /^COMFYUI?_(?<middle>(?:[A-Z0-9]+_)*?)(?<last>TOKEN|PASSWORD|PASSWD|USERNAME|USER|HASH)$/.exec(name)
  if (!match?.groups) return null
  const words = (match.groups['middle'] ?? '').split('_').filter((word) => word !== '')
  const instance = words.find((word) => !plainWords.has(word))?.toLowerCase() ?? null
  switch (match.groups['last']) {
    case 'USER':
    case 'USERNAME':
      return comfyui('username', instance)
    case 'PASSWORD':
    case 'PASSWD':
      return comfyui('password', instance)
    default:
      return comfyui(words.includes('RAW') ? 'password' : 'token', instance)
  }
}

function pairMeaning(name: string): Meaning | null {
  const match = /^(?<prefix>[A-Z0-9_]*?)_?(?<last>USERNAME|USER|LOGIN|PASSWORD|PASSWD)$/.exec(name)
  if (!match?.groups) return null
  const topic = (match.groups['prefix'] ?? '').toLowerCase()
  const field = /^PASS/.test(match.groups['last'] ?? '') ? 'password' : 'username'
  const isForge = /^(?:forge|sd_?forge|sd_?webui|webui|a1111)$/.test(topic)
  return {
    scheme: 'basic',
    field,
    topic: isForge ? 'forge' : `pair ${topic}`,
    instance: null,
    scope: isForge ? 'instance' : 'folder',
    protects: true,
  }
}

/** What a variable, a JSON key or the like of this name holds; null when its name does not speak of a secret. */
export function meaningOf(key: string): Meaning | null {
  const name = upperName(key)
  const known = comfyuiMeaning(name)
  if (known) return known
  const pair = pairMeaning(name)
  if (pair && (pair.field === 'username' || namesSecret(name))) return pair
  if (!namesSecret(name)) return null
  return {
    scheme: 'token',
    field: 'token',
    topic: aliases[name] ?? name,
    instance: null,
    scope: generic.test(name) ? 'folder' : 'everywhere',
    protects: protectsService(name),
  }
}

/** The same, where a name such as `token` says more together with the one it stands below. */
export function meaningOfPath(names: readonly string[]): Meaning | null {
  const last = names.at(-1) ?? ''
  const above = names.at(-2) ?? ''
  if (above !== '' && !/^\d+$/.test(above) && generic.test(upperName(last))) {
    const together = meaningOf(`${above}_${last}`)
    if (together) return together
  }
  return meaningOf(last)
}

const instanceWords = [
  /^(?:comfyui|comfy)[-_.]([a-z0-9]+)/i,
  /^([a-z0-9]+)-api-user\.token$/i,
  /^(?:sd[-_])?forge[-_]([a-z0-9]+)/i,
]

/** The instance that a path speaks of, from its file upwards: `services/comfyui-qwen/.env` is `qwen`'s. */
export function instanceOfPath(shown: string): string | null {
  for (const part of shown.split('/').reverse()) {
    for (const pattern of instanceWords) {
      const found = pattern.exec(part)?.[1]
      if (found !== undefined) return found.toLowerCase()
    }
  }
  return null
}

const placeholder =
  /^(?:<.*>|\[.*\]|your[-_ ].*|.*[-_]here|change[-_ ]?(?:me|it|this).*|replace.*|x{3,}|\*+|\.{3,}|placeholder.*|example.*|todo|none|null|undefined)$/i

/** What stands in examples where a secret is to come. */
export const isPlaceholder = (value: string): boolean => placeholder.test(value.trim())

/** What switches something and is no secret. */
export const isSwitch = (value: string): boolean => /^(?:true|false|yes|no|on|off|\d{1,3})$/i.test(value.trim())
