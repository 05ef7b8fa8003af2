import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { temporaryFolder } from '../support/programs'

const program = path.join(import.meta.dirname, 'least-server.mjs')

/** A server of node's alone, and what it takes to do the least that a panel must: the measure of this machine. */
export async function startLeast() {
  const folder = await temporaryFolder('regie-bench-least')
  const child = spawn(process.execPath, [program, folder.path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  const url = `http://127.0.0.1:${Number(said.toString())}`
  const ask = async (to: string, body?: Uint8Array<ArrayBuffer>) => {
    const answer = await fetch(url + to, body ? { method: 'POST', body } : {})
    return answer.arrayBuffer()
  }
  return {
    ask,
    /** Takes an order, keeps a picture, and hands it out. */
    async generation(picture: Uint8Array<ArrayBuffer>): Promise<void> {
      await ask('/order', new Uint8Array(1))
      const name = Buffer.from(await ask('/keep', picture)).toString()
      await ask(name)
    },
    async [Symbol.asyncDispose](): Promise<void> {
      const gone = once(child, 'exit')
      child.kill()
      await gone
      await folder[Symbol.asyncDispose]()
    },
  }
}
