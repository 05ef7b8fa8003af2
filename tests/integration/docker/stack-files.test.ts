import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { cp, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { templates } from '../../../electron/stacks/templates'
import { setEnvValue } from '../../../electron/compose/files/dotenv'
import { generateSessionKey } from '../../../electron/credentials/secrets'
import { renderSessionKey } from '../../../electron/credentials/sinks/session-key'
import { freePort } from '../../support/ports'
import { long } from '../../support/long'
import { comfyui, folder, forge, token } from '../simulator/support'

const stacks = path.resolve(import.meta.dirname, '../../../resources/stacks')

/** Runs a program to its end, whatever that is. */
const run = (program: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(program, args, options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })

/** Both generations of Compose, as far as this machine has them. */
const composePrograms = [['docker', 'compose'], ['docker-compose']].filter(
  ([program = '', ...args]) => spawnSync(program, [...args, 'version'], { stdio: 'ignore' }).status === 0,
)

const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0)

/** A stack copied to a folder of its own with its example as `.env`. */
async function copied(id: string, values: Record<string, string> = {}): Promise<string> {
  const to = folder()
  await cp(path.join(stacks, id), to, { recursive: true })
  let env = readFileSync(path.join(to, '.env.example'), 'latin1')
  for (const [key, value] of Object.entries(values)) env = setEnvValue(env, key, value)
  await writeFile(path.join(to, '.env'), env)
  return to
}

const filled = { FORGE_USER: 'regie', FORGE_PASSWORD: 'a-password', COMPOSE_PROJECT_NAME: 'regie-files' }

for (const [at, program] of composePrograms.entries())
  describe(program.join(' '), at > 0 ? long : {}, () => {
    const [command = '', ...args] = program
    const config = (cwd: string) => run(command, [...args, 'config'], { cwd })

    test.each(templates.map(({ id }) => id))('accepts %s', async (id) => {
      const { stdout, stderr } = await config(await copied(id, filled))
      expect(stderr).toBe('')
      expect(stdout).toContain('GPU-00000000-0000-0000-0000-000000000000')
      expect(stdout).toContain('127.0.0.1')
    })

    test('takes the build of PyTorch from .env, and names the image by it', async () => {
      const { stdout } = await config(
        await copied('comfyui-qwen', { ...filled, TORCH_BUILD: 'cu126', COMFYUI_MANAGER: 'yes' }),
      )
      expect(stdout).toContain('TORCH_INDEX: https://download.pytorch.org/whl/cu126\n')
      expect(stdout).toContain('image: regie/comfyui-qwen:0.38.1-cu126\n')
      expect(stdout).toMatch(/COMFYUI_MANAGER: ['"]?yes/)
    })

    test('refuses forge-turbo without a password, and does not say the user name', async () => {
      const { code, stderr } = await config(await copied('forge-turbo', { ...filled, FORGE_PASSWORD: '' }))
      expect(code).not.toBe(0)
      expect(stderr).toContain('give Forge a password in .env')
    })
  })

test.each(templates.map(({ id }) => id))('%s names no moving version and no index of a GPU', async (id) => {
  const text = await readFile(path.join(stacks, id, 'compose.yaml'), 'utf8')
  expect(text).not.toMatch(/:latest|device_ids: \[['"]?\d/)
  expect(text).toMatch(/_REF: (?:v?\d+\.\d+\.\d+|[0-9a-f]{40})\n/)
  expect(await readFile(path.join(stacks, id, 'Dockerfile'), 'utf8')).toMatch(/^FROM python:\d+\.\d+\.\d+-/m)
})

test.each(templates)('the image of $id is labelled with its version, and gets files that are shipped', async (one) => {
  const text = await readFile(path.join(stacks, one.id, 'Dockerfile'), 'utf8')
  expect(text).toContain(`LABEL regie.stack="${one.id}" regie.stack.version="${one.version}"\n`)
  const copied = [...text.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '))
  expect(one.files).toEqual(expect.arrayContaining(copied))
})

describe.runIf(python !== undefined)('what runs inside the container', () => {
  const ask = async (id: string, url: string) => {
    const { port } = new URL(url)
    const file = path.join(stacks, id, 'healthcheck.py')
    const { code, stdout } = await run(python ?? '', [file], { env: { ...process.env, HEALTHCHECK_PORT: port } })
    return { healthy: code === 0, stdout }
  }

  test('a ComfyUI that refuses strangers is healthy', async () => {
    const { url } = await comfyui({ password: `${token}\nregie` })
    expect(await ask('comfyui-qwen', url)).toEqual({ healthy: true, stdout: 'guarded: 401 without a credential\n' })
  })

  test('a ComfyUI without its login is open, not healthy', async () => {
    const { url } = await comfyui()
    const answer = await ask('comfyui-qwen', url)
    expect(answer).toEqual({ healthy: false, stdout: 'GET /system_stats: OPEN: 200 without a credential\n' })
  })

  test('a ComfyUI whose password is not set is open to an empty token', async () => {
    const { url } = await comfyui({ folder: folder() })
    const answer = await ask('comfyui-qwen', url)
    expect(answer).toEqual({ healthy: false, stdout: 'GET /system_stats?token=: OPEN: 200 without a credential\n' })
  })

  test.each([
    ['both' as const, true, 'guarded: 401 without a credential'],
    ['api' as const, false, 'GET /config: OPEN: 200 without a credential'],
    ['gradio' as const, false, 'GET /sdapi/v1/options: OPEN: 200 without a credential'],
  ])('a Forge that guards %s is healthy: %s', async (protect, healthy, words) => {
    const { url } = await forge({ protect })
    expect(await ask('forge-turbo', url)).toEqual({ healthy, stdout: `${words}\n` })
  })

  test('nothing at the port is told as such', async () => {
    const answer = await ask('forge-turbo', `http://127.0.0.1:${await freePort()}`)
    expect(answer).toEqual({ healthy: false, stdout: 'does not answer: ConnectionRefusedError\n' })
  })

  /** Runs a stack's entry point on this machine, with its home moved to a folder. */
  const serve = async (id: string, home: string, env: Record<string, string>) => {
    const at = path.join(home, 'serve.py')
    const text = await readFile(path.join(stacks, id, 'serve.py'), 'utf8')
    const moved = text
      .replace(/^home = .*$/m, `home = ${JSON.stringify(home)}`)
      .replace(/^comfy = .*$/m, `comfy = ${JSON.stringify(path.join(home, 'comfyui'))}`)
    await writeFile(at, moved)
    const { PATH = '' } = process.env
    const { code, stdout, stderr } = await run(python ?? '', [at], { env: { PATH, ...env } })
    return { code, said: code === 0 ? stdout : stderr }
  }
  const login = { 'custom_nodes/ComfyUI-Login/password.py': '', 'main.py': 'import sys; print(sys.argv[1:])' }

  test('ComfyUI starts with a PASSWORD file and its own arguments', async () => {
    const home = folder({ ...login, 'login/PASSWORD': `${token}\nregie` })
    const { code, said } = await serve('comfyui-qwen', home, { COMFYUI_ARGS: '--lowvram' })
    expect(code).toBe(0)
    expect(said).toContain("'--port', '8188'")
    expect(said).toContain("'--lowvram'")
  })

  test('the link in the image puts the key of the sessions into the mounted folder, also when there is none yet', async () => {
    const dockerfile = await readFile(path.join(stacks, 'comfyui-qwen', 'Dockerfile'), 'utf8')
    const [, target = '', link = ''] = /ln -s (\S+) (\S+)$/m.exec(dockerfile) ?? []
    const home = folder({ ...login, 'login/PASSWORD': token })
    await symlink(target, path.join(home, link))
    // As the plugin does: read it, and make one where there is none.
    const code = `import sys
try:
    open(sys.argv[1], 'r')
except FileNotFoundError:
    open(sys.argv[1], 'w').write('a key')`
    await run(python ?? '', ['-c', code, path.join(home, 'custom_nodes/ComfyUI-Login/.secret-key.txt')])
    expect(await readFile(path.join(home, 'login/.secret-key.txt'), 'utf8')).toBe('a key')
  })

  const sessionKey = 'custom_nodes/ComfyUI-Login/.secret-key.txt'
  test.each(['', 'not-a-key', `${'k'.repeat(42)},2026-01-01T00:00:00.000000`, `${'k'.repeat(43)}=,yesterday`])(
    'ComfyUI is not started with the session key %j, which would leave it open',
    async (content) => {
      const home = folder({ ...login, 'login/PASSWORD': token, [sessionKey]: content })
      const { code, said } = await serve('comfyui-qwen', home, {})
      expect(code).toBe(78)
      expect(said).toContain('.secret-key.txt is damaged')
      if (content !== '') expect(said).not.toContain(content)
    },
  )

  test('ComfyUI starts with a session key as Regie writes it', async () => {
    const key = renderSessionKey(generateSessionKey(), new Date())
    const home = folder({ ...login, 'login/PASSWORD': token, [sessionKey]: key })
    expect((await serve('comfyui-qwen', home, {})).code).toBe(0)
  })

  test.each([
    ['no PASSWORD file', login, {}, 'is missing'],
    ['an empty one', { ...login, 'login/PASSWORD': '\n' }, {}, 'is empty'],
    ['no login node', { 'main.py': '', 'login/PASSWORD': token }, {}, 'ComfyUI-Login is missing'],
    [
      'the node switched off',
      { ...login, 'login/PASSWORD': token },
      { COMFYUI_ARGS: '--disable-all-custom-nodes' },
      'switch ComfyUI-Login off',
    ],
    [
      'the same in short',
      { ...login, 'login/PASSWORD': token },
      { COMFYUI_ARGS: '--lowvram --disable-all-c' },
      'switch ComfyUI-Login off',
    ],
    [
      'its nodes elsewhere',
      { ...login, 'login/PASSWORD': token },
      { COMFYUI_ARGS: '--base-directory=/cache' },
      'switch ComfyUI-Login off',
    ],
    [
      'a second login among the own nodes',
      { ...login, 'login/PASSWORD': token, 'own_nodes/comfyui-login/password.py': '' },
      {},
      'is a second ComfyUI-Login',
    ],
    [
      'a word for the Manager that is none',
      { ...login, 'login/PASSWORD': token },
      { COMFYUI_MANAGER: 'on' },
      'neither yes nor no',
    ],
  ])('ComfyUI is not started with %s', async (_, files, env, words) => {
    const { code, said } = await serve('comfyui-qwen', folder(files), env)
    expect(code).toBe(78)
    expect(said).toContain(words)
  })

  test.each([
    ['yes', true],
    ['no', false],
    ['', false],
  ])('ComfyUI-Manager is on with %j: %s; own nodes are searched beside the image’s', long, async (manager, isOn) => {
    const home = folder({ ...login, 'login/PASSWORD': token, 'own_nodes/mine/__init__.py': '' })
    const { said } = await serve('comfyui-qwen', home, { COMFYUI_MANAGER: manager })
    expect(said.includes('--enable-manager')).toBe(isOn)
    expect(said).toContain("'--extra-model-paths-config', '/opt/regie/own_nodes.yaml'")
  })

  /** Starts a web application as ComfyUI does once its nodes are loaded; `nodes` are the files of those that it has. */
  const guarded = async (files: Record<string, string>) => {
    const guard = await readFile(path.join(stacks, 'comfyui-qwen', 'guard.py'), 'utf8')
    const home = folder({
      ...files,
      'server.py':
        'class app:\n    middlewares = []\n    on_startup = []\nclass PromptServer:\n    class instance:\n        app = app',
      'custom_nodes/regie_guard.py': guard,
      'start.py': `import asyncio, importlib.util, sys
sys.path.insert(0, '.')
from server import app
for name in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location('node', name)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
for hook in app.on_startup:
    asyncio.run(hook(app))
print('listens')`,
    })
    const nodes = [...Object.keys(files), 'custom_nodes/regie_guard.py']
    return run(python ?? '', ['start.py', ...nodes], { cwd: home })
  }
  const middleware = 'from server import app\nasync def check(request, handler): pass\napp.middlewares.append(check)'

  test('ComfyUI listens where its login asks every caller', async () => {
    const loaded = await guarded({ 'custom_nodes/ComfyUI-Login/password.py': middleware })
    expect(loaded).toMatchObject({ code: 0, stdout: 'listens\n' })
  })

  test.each([
    ['was not loaded', {}],
    ['loaded, but asks nobody', { 'custom_nodes/ComfyUI-Login/password.py': '' }],
    ['is another node’s', { 'custom_nodes/Other/password.py': middleware }],
  ])('ComfyUI ends before it listens where the login %s', async (_, files) => {
    const { code, stdout, stderr } = await guarded(files)
    expect([code, stdout]).toEqual([78, ''])
    expect(stderr).toContain('ComfyUI-Login was not loaded')
  })

  test('ComfyUI is not started with a folder in the place of its PASSWORD file', async () => {
    const home = folder(login)
    mkdirSync(path.join(home, 'login', 'PASSWORD'), { recursive: true })
    expect(await serve('comfyui-qwen', home, {})).toMatchObject({ code: 78 })
  })

  const webui = {
    'webui.py': `import json, os, sys
def webui():
    seen = [open('/proc/self/cmdline').read()] if os.path.exists('/proc/self/cmdline') else []
    print(json.dumps({'argv': sys.argv, 'env': 'FORGE_PASSWORD' in os.environ, 'seen': seen}))
`,
    'modules_forge/main_thread.py': 'def loop(): pass',
  }

  test('Forge gets the account for its API and its pages, and no command line shows it', async () => {
    const { code, said } = await serve('forge-turbo', folder(webui), {
      FORGE_USER: 'regie',
      FORGE_PASSWORD: 'pass~word',
      FORGE_ARGS: '--always-cpu',
    })
    expect(code).toBe(0)
    const { argv, env, seen } = JSON.parse(said) as { argv: string[]; env: boolean; seen: string[] } // we wrote it
    for (const flag of ['--api-auth', '--gradio-auth']) expect(argv[argv.indexOf(flag) + 1]).toBe('regie:pass~word')
    expect(argv).toEqual(expect.arrayContaining(['--api', '--listen', '--always-cpu']))
    expect(env).toBe(false)
    expect(seen.join()).not.toContain('pass~word')
  })

  const neo = {
    ...webui,
    'modules/launch_utils.py': `import sys
def setup_temp_dir(): print('temporary', file=sys.stderr)
def configure_comfy_reference(home): sys.argv.extend(['--ckpt-dirs', str(home)])`,
  }
  const account = { FORGE_USER: 'regie', FORGE_PASSWORD: 'pass~word' }

  test.each([
    ['none', {}, false],
    ['an installation', { 'comfyui/models/checkpoints/a.safetensors': '' }, true],
    ['a models folder', { 'comfyui/diffusion_models/a.safetensors': '' }, true],
  ])('Forge Neo is guarded on both sides, and reads the models of a ComfyUI: %s', async (_, files, isShared) => {
    const home = folder({ ...neo, ...files })
    const { code, said } = await serve('forge-neo', home, { ...account, FORGE_ARGS: '--lowvram' })
    expect(code).toBe(0)
    const { argv, env, seen } = JSON.parse(said) as { argv: string[]; env: boolean; seen: string[] } // we wrote it
    for (const flag of ['--api-auth', '--gradio-auth']) expect(argv[argv.indexOf(flag) + 1]).toBe('regie:pass~word')
    expect(argv).toEqual(expect.arrayContaining(['--api', '--listen', '--lowvram']))
    expect(argv).not.toContain('--enable-insecure-extension-access')
    expect([argv.includes('--forge-ref-comfy-home'), argv.includes('--ckpt-dirs')]).toEqual([isShared, isShared])
    expect(env).toBe(false)
    expect(seen.join()).not.toContain('pass~word')
  })

  test.each([
    ['--enable-insecure-extension-access', '--enable-insecure-extension-access cannot be given'],
    ['--enable-ins', '--enable-ins cannot be given'],
    ['--api-auth=a:b', '--api-auth cannot be given'],
    ['--gradio-auth-path /tmp/x', '--gradio-auth-path cannot be given'],
    ['--nowebui', '--nowebui cannot be given'],
    ['--share', '--share cannot be given'],
  ])('Forge Neo is not started with %s', async (given, words) => {
    const { code, said } = await serve('forge-neo', folder(neo), { ...account, FORGE_ARGS: given })
    expect([code, said]).toEqual([78, `Forge Neo was not started: ${words} in FORGE_ARGS.\n`])
  })

  test.each([
    ['an empty password', { FORGE_USER: 'regie', FORGE_PASSWORD: '' }, 'FORGE_PASSWORD is empty'],
    ['no user name', { FORGE_PASSWORD: 'word' }, 'FORGE_USER is empty'],
    ['a comma in the password', { FORGE_USER: 'regie', FORGE_PASSWORD: 'a,b' }, 'FORGE_PASSWORD holds'],
    [
      'an account in its arguments',
      { FORGE_USER: 'regie', FORGE_PASSWORD: 'word', FORGE_ARGS: '--api-auth=a:b' },
      '--api-auth cannot be given',
    ],
    [
      'COMMANDLINE_ARGS, which it shows to strangers',
      { FORGE_USER: 'regie', FORGE_PASSWORD: 'word', COMMANDLINE_ARGS: '--api' },
      'COMMANDLINE_ARGS is set',
    ],
  ])('Forge is not started with %s', async (_, env, words) => {
    const { code, said } = await serve('forge-turbo', folder(webui), env)
    expect(code).toBe(78)
    expect(said).toContain(words)
    expect(said).not.toContain('a,b')
  })
})
