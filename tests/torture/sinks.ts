import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { CredentialInput, SinkInput } from '../../shared/contract'
import type * as z from 'zod'
import type { TornKind } from './kind'

/** What `reveal` answers. */
export interface Revealed {
  username: string
  password: string
  token: string
}

/** A file with sinks in it: how it looks before, and to the byte with the secrets of both credentials. */
interface SinkFile {
  path: string
  before: string | null
  after: (secrets: Record<TornKind, Revealed>) => string
}

export interface SinkPlan {
  files: SinkFile[]
  credentials: Record<TornKind, z.input<typeof CredentialInput>>
}

const dollars = (text: string) => text.replaceAll('$', '$$$$')

/**
 * A credential of either scheme with every kind of sink. Four files hold values of both, among lines that are nobody's
 * business: `own` are the files that the services read themselves.
 */
export function planSinkFiles(stack: string, own: { login: string; env: string }): SinkPlan {
  const at = (name: string) => path.join(stack, name)
  const files: SinkFile[] = [
    { path: own.login, before: null, after: ({ comfyui }) => `${comfyui.token}\n${comfyui.username}` },
    {
      path: own.env,
      before: '# the service\nPORT=7860\n',
      after: ({ forge }) =>
        `# the service\nPORT=7860\nFORGE_USER='${forge.username}'\nFORGE_PASSWORD='${forge.password}'\n`,
    },
    {
      path: at('.env'),
      before: "# shared by all clients\nCOMFY_TOKEN=\nOTHER='kept $as it is' # note\nFORGE_PASSWORD=\nLAST=1",
      after: ({ comfyui, forge }) =>
        `# shared by all clients\nCOMFY_TOKEN='${comfyui.token}'\nOTHER='kept $as it is' # note\nFORGE_PASSWORD='${forge.password}'\nLAST=1`,
    },
    { path: at('comfyui-token'), before: 'none\n', after: ({ comfyui }) => `${comfyui.token}\n` },
    { path: at('forge-password'), before: null, after: ({ forge }) => forge.password },
    {
      path: at('clients.json'),
      before: '{ "comfyui": {"token":""},\r\n  "forge": {"password" : "", "tries": 3} }',
      after: ({ comfyui, forge }) =>
        `{ "comfyui": {"token":"${comfyui.token}"},\r\n  "forge": {"password" : "${forge.password}", "tries": 3} }`,
    },
    {
      path: at('client.yaml'),
      before: 'services:\n  client: # ours\n    environment:\n      TOKEN: none   # kept\n      PASSWORD: none\n',
      after: ({ comfyui, forge }) =>
        `services:\n  client: # ours\n    environment:\n      TOKEN: '${dollars(comfyui.token)}'   # kept\n      PASSWORD: '${dollars(forge.password)}'\n`,
    },
    {
      path: at('client.conf'),
      before: '; a client\n[comfyui]\ntoken = none\n\n[forge]\npassword: none\n',
      after: ({ comfyui, forge }) =>
        `; a client\n[comfyui]\ntoken = ${comfyui.token}\n\n[forge]\npassword: ${forge.password}\n`,
    },
  ]
  const shared = (field: 'token' | 'password', names: { env: string; pointer: string; yaml: string; ini: string }) =>
    [
      { type: 'env', path: at('.env'), key: names.env, field },
      { type: 'json', path: at('clients.json'), key: names.pointer, field },
      { type: 'yaml', path: at('client.yaml'), key: `/services/client/environment/${names.yaml}`, field },
      { type: 'ini', path: at('client.conf'), key: names.ini, field },
    ] satisfies SinkInput[]
  const clients = (sinks: SinkInput[]): SinkInput[] => sinks.map((sink) => ({ ...sink, requires: 'nothing' }))
  return {
    files,
    credentials: {
      comfyui: {
        id: 'comfyui',
        scheme: 'comfyui-login',
        sinks: [
          { type: 'comfyui-login', path: own.login },
          ...clients([
            { type: 'file', path: at('comfyui-token') },
            ...shared('token', {
              env: 'COMFY_TOKEN',
              pointer: '/comfyui/token',
              yaml: 'TOKEN',
              ini: 'comfyui.token',
            }),
          ]),
        ],
      },
      forge: {
        id: 'forge',
        scheme: 'basic',
        sinks: [
          { type: 'env', path: own.env, key: 'FORGE_USER', field: 'username' },
          { type: 'env', path: own.env, key: 'FORGE_PASSWORD' },
          ...clients([
            { type: 'file', path: at('forge-password') },
            ...shared('password', {
              env: 'FORGE_PASSWORD',
              pointer: '/forge/password',
              yaml: 'PASSWORD',
              ini: 'forge.password',
            }),
          ]),
        ],
      },
    },
  }
}

export async function writeSinkFiles({ files }: SinkPlan): Promise<void> {
  for (const { path: file, before } of files) {
    await mkdir(path.dirname(file), { recursive: true })
    if (before !== null) await writeFile(file, before)
  }
}
