import { hash } from 'bcryptjs'
import { spawn, spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startComfyuiSimulator } from '../../../../electron/simulator/comfyui'
import { startForgeSimulator } from '../../../../electron/simulator/forge'
import { readEnvValue } from '../../../../electron/compose/files/dotenv'
import {
  placeholders,
  snippetIds,
  snippetsOf,
  type ClientSecret,
  type SnippetId,
  type Subject,
} from '../../../../renderer/features/credentials/snippets/snippets'
import { long } from '../../../support/long'
import { freePort } from '../../../support/ports'
import { temporaryFolder } from '../../../support/programs'

const root = path.resolve(import.meta.dirname, '../../../..')

/** All that Forge allows in a password and that quotes somewhere break on. */
const password = String.raw`a"b\c$d'e #f%g` + '`h!'

interface Live {
  subject: Subject
  secret: ClientSecret
  wrong: ClientSecret
}

let lives: Record<'comfyui' | 'forge', Live>
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  const folder = await temporaryFolder()
  closing.push(() => folder[Symbol.asyncDispose]())
  await mkdir(path.join(folder.path, 'login'))
  const token = await hash('a password', 4)
  await writeFile(path.join(folder.path, 'login', 'PASSWORD'), `${token}\nregie`)
  const ports = { comfyui: await freePort(), forge: await freePort() }
  const comfyui = await startComfyuiSimulator({ folder: folder.path, port: ports.comfyui })
  const account = { username: 'regie', password }
  const forge = await startForgeSimulator({ folder: folder.path, port: ports.forge, account })
  closing.unshift(
    () => comfyui.close(),
    () => forge.close(),
  )
  const of = (kind: 'comfyui' | 'forge') => ({ kind, url: `http://127.0.0.1:${ports[kind]}`, username: 'regie' })
  lives = {
    comfyui: {
      subject: { scheme: 'comfyui-login', ...of('comfyui') },
      secret: { token },
      wrong: { token: `${token}x` },
    },
    forge: { subject: { scheme: 'basic', ...of('forge') }, secret: { password }, wrong: { password: `${password}x` } },
  }
})

afterAll(async () => {
  for (const close of closing) await close()
})

/** Runs a program on a text that it reads from its standard input: no argument carries anything. */
function run(command: string, args: string[], input: string) {
  return new Promise<{ code: number | null; out: string; errors: string }>((resolve, reject) => {
    const child = spawn(command, args, { cwd: root })
    let out = ''
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      // A WebSocket goes on until it is closed: its first message is the proof.
      if (out.includes('"type":"status"')) child.kill()
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, errors }))
    child.stdin.end(input)
  })
}

const interpreters = {
  bash: ['bash', ['-s']],
  python: ['python3', ['-']],
  javascript: [process.execPath, ['--input-type=module', '-']],
  socket: [process.execPath, ['--input-type=module', '-']],
} as const satisfies Partial<Record<SnippetId, readonly [string, readonly string[]]>>
type Runnable = keyof typeof interpreters

const works = (command: string, args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
const isThere: Record<Runnable, boolean> = {
  bash: works('bash', ['-c', 'curl --version']),
  python: works('python3', ['-c', 'import requests']),
  javascript: true,
  socket: true,
}
const kinds = ['comfyui', 'forge'] as const
const cases = kinds.flatMap((kind) => (Object.keys(interpreters) as Runnable[]).map((id) => ({ kind, id })))
const told = { comfyui: /"?system"?|'system'|"type":"status"/, forge: /sd_model_checkpoint|^\S+ \S+$/m }

describe('a snippet for clients', () => {
  const letsIn = '$id of $kind is let in with the secret filled in, and refused with a wrong one'
  const isLetIn = async ({ kind, id }: (typeof cases)[number]) => {
    if (!isThere[id]) return
    const { subject, secret, wrong } = lives[kind]
    const [command, args] = interpreters[id]
    const [right, refused] = await Promise.all([
      run(command, [...args], snippetsOf(subject, secret)[id] ?? ''),
      run(command, [...args], snippetsOf(subject, wrong)[id] ?? ''),
    ])
    expect(right.out).toMatch(told[kind])
    expect(refused.out).toBe('')
    expect(refused.errors).toContain('401')
  }
  // Each program with one kind, each kind with two of them.
  const isDaily = ({ kind, id }: (typeof cases)[number]) => (kind === 'comfyui') === (id === 'bash' || id === 'python')
  it.concurrent.each(cases.filter(isDaily))(letsIn, isLetIn)
  it.concurrent.each(cases.filter((one) => !isDaily(one)))(letsIn, long, isLetIn)

  it.each(kinds)('for PowerShell gives curl, with the line ends of Windows, what %s lets in', async (kind) => {
    if (!isThere.bash) return
    const { subject, secret } = lives[kind]
    const text = snippetsOf(subject, secret).powershell ?? ''
    // What stands between the marks of the here-string is what PowerShell writes to curl.
    const [, config = '', address = ''] = /^@'\n([\s\S]*)\n'@ \| curl\.exe .* '(.*)'\n$/.exec(text) ?? []
    const args = ['--fail', '--silent', '--show-error', '--config', '-', address]
    const { code, out } = await run('curl', args, `${config}\r\n`)
    expect(out).toMatch(told[kind])
    expect(code).toBe(0)
  })

  it('for notebooks is read back as it is, by Compose where its rules allow it, and by python-dotenv', async () => {
    const token = lives.comfyui.secret.token ?? ''
    const comfyui = snippetsOf(lives.comfyui.subject, lives.comfyui.secret).env ?? ''
    expect(readEnvValue(comfyui, 'COMFYUI_AUTH_TOKEN')).toEqual({ compose1: token, compose2: token })
    if (!works('python3', ['-c', 'import dotenv'])) return
    const read =
      'import dotenv,io,json,sys; print(json.dumps(dotenv.dotenv_values(stream=io.StringIO(sys.stdin.read()))))'
    const env = comfyui + (snippetsOf(lives.forge.subject, lives.forge.secret).env ?? '')
    const { out } = await run('python3', ['-c', read], env)
    expect(JSON.parse(out)).toMatchObject({
      COMFYUI_API_URL: lives.comfyui.subject.url,
      COMFYUI_AUTH_TOKEN: token,
      FORGE_USER: 'regie',
      FORGE_PASSWORD: password,
    })
  })

  it('holds a placeholder and no secret until one is filled in, and never puts it into a command’s arguments', () => {
    for (const { subject, secret } of Object.values(lives)) {
      const value = secret.token ?? secret.password ?? ''
      const word = subject.scheme === 'basic' ? placeholders.password : placeholders.token
      for (const id of snippetIds) {
        expect(snippetsOf(subject, null)[id], id).toContain(word)
        expect(snippetsOf(subject, null)[id], id).not.toContain(value)
      }
      for (const id of ['bash', 'powershell'] as const) {
        const line = (snippetsOf(subject, secret)[id] ?? '').split('\n').find((one) => one.includes('curl')) ?? ''
        expect(line).not.toContain(value)
      }
    }
  })
})
