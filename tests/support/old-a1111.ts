import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

const program = path.resolve(import.meta.dirname, '../cases/services/old-a1111.mjs')

/** A Stable Diffusion WebUI of another age, as a program of its own. Gone with `await using`. */
export async function startOldWebui(mode: 'v18' | 'clip500' | 'noapi') {
  const child = spawn(process.execPath, [program, '0', mode], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(child.stdout, 'data')) as [Buffer] // '<mode> <port>', once it listens
  return {
    url: `http://127.0.0.1:${said.toString('utf8').trim().split(' ')[1] ?? ''}`,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
