import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { deadWebThread } from '../../../electron/kinds/forge/web-thread'
import { long } from '../../support/long'
import { freePort } from '../../support/ports'
import { bundlePrograms } from '../../support/programs'
import { until } from '../../support/until'
import { ask, folder, sdxl, token } from './support'

let bundled: Awaited<ReturnType<typeof bundlePrograms<'simulator'>>>
beforeAll(async () => {
  bundled = await bundlePrograms({ simulator: 'electron/simulator/main.ts' })
})
afterAll(() => bundled.remove())

interface Running {
  child: ChildProcessWithoutNullStreams
  output: () => string
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | string | null>
}

function start(...args: string[]): Running {
  const child = spawn(process.execPath, [bundled.programs.simulator, ...args])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)))
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => code ?? signal ?? null)
  return { child, output: () => output, ended }
}

async function listening(kind: 'comfyui' | 'forge', at: string, ...more: string[]) {
  const port = await freePort()
  const running = start(kind, '--port', String(port), '--folder', at, ...more)
  const url = `http://127.0.0.1:${port}`
  await until('the port', async () => (await ask(url)).status > 0)
  return { ...running, port, url }
}

describe('the command line', () => {
  test.each([
    [[], 'say which program to simulate'],
    [['photoshop'], 'unknown program photoshop'],
    [['comfyui'], '--folder is missing'],
    [['comfyui', '--folder', '.', '--port', 'x'], '--port x is no port'],
    [['comfyui', '--folder', '.', '--nope'], "Unknown option '--nope'"],
    [['forge', '--folder', '.', '--protect', 'all'], '--protect all is none of none, api, gradio, both'],
  ])('%j is refused with its reason', async (args, reason) => {
    const { ended, output } = start(...args)
    expect(await ended).toBe(2)
    expect(output()).toContain(`simulator: ${reason}`)
    expect(output()).toContain('Usage:')
  })

  test('a behaviour file with a wrong entry is refused by name', async () => {
    const at = folder({ 'behaviour.json': '{"stepMs":-1,"colour":"blue"}' })
    const { ended, output } = start('forge', '--folder', at, '--behaviour', path.join(at, 'behaviour.json'))
    expect(await ended).toBe(2)
    expect(output()).toMatch(/stepMs: .*; file: Unrecognized key: "colour"/)
  })
})

describe('the program', () => {
  test('is one file that runs alone in an empty folder', async () => {
    const at = folder()
    const alone = path.join(at, 'simulator.mjs')
    copyFileSync(bundled.programs.simulator, alone)
    const imports = [...readFileSync(alone, 'utf8').matchAll(/^import .* from "([^"]+)"/gm)].map(
      ([, name]) => name ?? '',
    )
    expect(imports.filter((name) => !isBuiltin(name))).toEqual([])
    const child = spawn(process.execPath, [alone, 'forge', '--folder', at, '--port', '0', '--protect', 'none'], {
      cwd: at,
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [line] = (await once(child.stdout, 'data')) as [Buffer] // a stream without encoding gives Buffers
    expect(line.toString()).toContain('Running on local URL')
  })

  test('prints its secret in the log, but never has it on the command line', async () => {
    const { output, child } = await listening('comfyui', folder({ 'login/PASSWORD': `${token}\nregie` }))
    expect(output()).toContain(`For direct API calls, use token=${token}`)
    expect(output()).toContain('To see the GUI go to: http://127.0.0.1:')
    expect(child.spawnargs.join(' ')).not.toContain(token)
  })

  test('reads the account of Forge from .env', async () => {
    const at = folder({ '.env': "FORGE_USER=regie\nFORGE_PASSWORD='a b'\n" })
    const { url, output } = await listening('forge', at)
    const authorization = `Basic ${Buffer.from('regie:a b').toString('base64')}`
    expect((await ask(`${url}/sdapi/v1/options`)).status).toBe(401)
    expect((await ask(`${url}/sdapi/v1/options`, { headers: { authorization } })).status).toBe(200)
    expect((await ask(`${url}/sdapi/v1/cmd-flags`, { headers: { authorization } })).status).toBe(500)
    expect(output()).not.toContain('a b')
  })

  test('does not start without the account that protection needs', async () => {
    const { ended, output } = start('forge', '--folder', folder(), '--port', '0')
    expect(await ended).toBe(1)
    expect(output()).toContain('FORGE_USER and FORGE_PASSWORD are not both set')
  })

  test.runIf(process.platform !== 'win32').each(['SIGTERM', 'SIGINT'] as const)(
    'ends at once on %s',
    async (signal) => {
      const { child, ended } = await listening('comfyui', folder())
      child.kill(signal)
      expect(await ended).toBe(0)
    },
  )

  test.runIf(process.platform !== 'win32')('ends on SIGTERM also while it starts', long, async () => {
    const at = folder({ 'behaviour.json': '{"slowStartMs":600000}' })
    const { child, ended } = start('comfyui', '--folder', at, '--behaviour', path.join(at, 'behaviour.json'))
    child.kill('SIGTERM')
    expect([0, 'SIGTERM']).toContain(await ended)
  })

  test('ends with its parent when told to, and outlives a closed stdin otherwise', async () => {
    const [tied, free] = await Promise.all([
      listening('comfyui', folder(), '--die-with-parent'),
      listening('comfyui', folder()),
    ])
    tied.child.stdin.end()
    free.child.stdin.end()
    expect(await tied.ended).toBe(0)
    expect((await ask(`${free.url}/login`)).status).toBe(200)
  })

  test('says that its port is taken, and fails', async () => {
    const { port } = await listening('comfyui', folder())
    const { ended, output } = start('comfyui', '--folder', folder(), '--port', String(port))
    expect(await ended).toBe(1)
    expect(output()).toContain(
      `error while attempting to bind on address ('127.0.0.1', ${port}): address already in use`,
    )
  })

  test('Forge whose port is taken says so, and lives on without ever listening', async () => {
    const { port } = await listening('forge', folder(), '--protect', 'none')
    for (const flags of [[], ['--nowebui']]) {
      const { ended, output, child } = start(
        'forge',
        ...['--folder', folder(), '--protect', 'none', '--port', String(port), ...flags],
      )
      await until('its last words', () => deadWebThread(output().split('\n')) !== null)
      expect(deadWebThread(output().split('\n'))).toMatch(/empty port in range|attempting to bind on address/)
      expect(child.exitCode).toBeNull()
      child.kill()
      await ended
    }
  })

  test('dies in the middle of a job when that is planned', long, async () => {
    const at = folder({ 'behaviour.json': '{"stepMs":0,"loadMs":0,"crashAtStep":2}' })
    const more = ['--behaviour', path.join(at, 'behaviour.json'), '--disable-all-custom-nodes']
    const { url, ended, output } = await listening('comfyui', at, ...more)
    await ask(`${url}/prompt`, { body: { prompt: sdxl() } })
    expect(await ended).toBe(1)
    expect(output()).toContain('Segmentation fault')
    expect(existsSync(path.join(at, 'output', 'sdxl'))).toBe(false)
  })

  test('answers while it paints', long, async () => {
    const at = folder({ 'behaviour.json': '{"stepMs":0,"loadMs":0,"preview":"none"}' })
    const more = ['--behaviour', path.join(at, 'behaviour.json'), '--protect', 'none']
    const { url } = await listening('forge', at, ...more)
    const large = { prompt: 'a lighthouse', steps: 1, seed: 1, width: 1536, height: 1536 }
    const painting = new AbortController()
    const job = ask(`${url}/sdapi/v1/txt2img`, { body: large }).finally(() => painting.abort())
    const waits: number[] = []
    const startedAt = performance.now()
    while (!painting.signal.aborted) {
      const began = performance.now()
      await ask(`${url}/internal/ping`)
      waits.push(performance.now() - began)
    }
    const paintedMs = performance.now() - startedAt
    expect((await job).status).toBe(200)
    expect(waits.length).toBeGreaterThan(3)
    // One that paints in one go would answer when it is done.
    expect(Math.max(...waits)).toBeLessThan(paintedMs / 2)
  })
})
