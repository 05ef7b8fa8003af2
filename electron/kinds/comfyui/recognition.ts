import { kinds } from '../../../shared/kinds'
import type { Recognition, Traces } from '../kind'

export const comfyuiRecognition: Recognition = {
  name: /comfy/i,
  argument:
    /comfyui|^--(?:use-split-cross-attention|preview-method|disable-all-custom-nodes|use-pytorch-cross-attention)$/i,
  together: { words: [/(?:^|\/)main\.py$/, /^--listen$/], said: 'main.py --listen' },
  argumentVariables: ['COMFYUI_ARGS', 'COMFY_CMDLINE_EXTRA'],
  portVariables: /^COMFY(?:UI)?_PORT(?:_HOST)?$/,
  ports: [kinds.comfyui.port.real],
  variantOf: null,
}

/** Words of a ComfyUI variable that name no instance. */
const plainWords = new Set(['API', 'AUTH', 'BEARER', 'ACCESS', 'LOGIN', 'RAW', 'USER', 'HASH', 'BCRYPT'])

const variable: Traces['variable'] = (name) => {
  if (name === 'BCRYPT_HASH') return { field: 'token', instance: null }
  if (name === 'RAW_TOKEN') return { field: 'password', instance: null }
  const model = /^(QWEN|WAN|FLUX)_(?:API|API_USER|USER|AUTH)_TOKEN$/.exec(name)?.[1]
  if (model !== undefined) return { field: 'token', instance: model.toLowerCase() }
  const match = /^COMFYUI?_(?<middle>(?:[A-Z0-9]+_)*?)(?<last>TOKEN|PASSWORD|PASSWD|USERNAME|USER|HASH)$/.exec(name)
  if (!match?.groups) return null
  const words = (match.groups['middle'] ?? '').split('_').filter((word) => word !== '')
  const instance = words.find((word) => !plainWords.has(word))?.toLowerCase() ?? null
  switch (match.groups['last']) {
    case 'USER':
    case 'USERNAME':
      return { field: 'username', instance }
    case 'PASSWORD':
    case 'PASSWD':
      return { field: 'password', instance }
    default:
      return { field: words.includes('RAW') ? 'password' : 'token', instance }
  }
}

export const comfyuiTraces: Traces = {
  topic: 'comfyui',
  variable,
  instances: [/^(?:comfyui|comfy)[-_.]([a-z0-9]+)/i, /^([a-z0-9]+)-api-user\.token$/i],
  files: [
    { name: /^PASSWORD$/, is: 'login' },
    { name: /^\.secret-key\.txt$/, is: 'session-key' },
  ],
  loginsInArguments: false,
}
