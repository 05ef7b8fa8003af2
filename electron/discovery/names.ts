import { namesSecret, protectsService } from '../compose/files/secrets'
import { allKinds } from '../kinds'
import { ownMeaningOf, type Meaning } from './own'

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

function pairMeaning(name: string): Meaning | null {
  const match = /^(?<prefix>[A-Z0-9_]*?)_?(?<last>USERNAME|USER|LOGIN|PASSWORD|PASSWD)$/.exec(name)
  if (!match?.groups) return null
  const topic = (match.groups['prefix'] ?? '').toLowerCase()
  const field = /^PASS/.test(match.groups['last'] ?? '') ? 'password' : 'username'
  return { scheme: 'basic', field, topic: `pair ${topic}`, instance: null, scope: 'folder', protects: true }
}

/** What a variable, a JSON key or the like of this name holds; null when its name does not speak of a secret. */
export function meaningOf(key: string): Meaning | null {
  const name = upperName(key)
  const own = ownMeaningOf(name)
  if (own) return own
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

const instanceWords = allKinds.flatMap(({ traces }) => traces.instances)

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
