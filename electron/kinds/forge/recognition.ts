import { kinds } from '../../../shared/kinds'
import type { Recognition, Traces } from '../kind'

export const forgeRecognition: Recognition = {
  name: /forge|stable-diffusion-webui|sd-webui|automatic1111|a1111|sdnext/i,
  argument:
    /^--(?:gradio-auth|gradio-auth-path|api-auth|ui-settings-file|skip-torch-cuda-test)(?:=|$)|(?:^|\/)(?:webui(?:-user)?\.(?:sh|bat|py)|launch\.py)$/i,
  together: null,
  argumentVariables: ['COMMANDLINE_ARGS', 'FORGE_ARGS', 'WEBUI_ARGS', 'WEBUI_FLAGS'],
  portVariables: /^(?:FORGE|WEBUI|SD_WEBUI)_PORT$/,
  // In ai-dock's images, with its pages, and with its API alone.
  ports: [17_860, kinds.forge.port.real, 7861],
  variantOf: null,
}

export const forgeTraces: Traces = {
  topic: 'forge',
  variable(name) {
    const last = /^(?:FORGE|SD_?FORGE|SD_?WEBUI|WEBUI|A1111)_?(USERNAME|USER|LOGIN|PASSWORD|PASSWD)$/.exec(name)?.[1]
    return last === undefined ? null : { field: last.startsWith('PASS') ? 'password' : 'username', instance: null }
  },
  instances: [/^(?:sd[-_])?forge[-_]([a-z0-9]+)/i],
  files: [
    { name: /^webui-user[\w-]*\.(?:bat|cmd)$/i, is: 'batch' },
    { name: /^webui-user[\w-]*\.sh$/i, is: 'shell' },
  ],
  loginsInArguments: true,
}
