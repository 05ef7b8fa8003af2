import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHasher } from '../../../electron/credentials/hasher'
import { regiePrograms } from '../../support/programs'

let built: Awaited<ReturnType<typeof regiePrograms<'worker' | 'hasher'>>>
beforeAll(async () => {
  built = await regiePrograms({
    worker: 'electron/credentials/bcrypt-worker.ts',
    hasher: 'electron/credentials/hasher.ts',
  })
})
afterAll(() => built.remove())

describe('bcrypt in its thread', () => {
  it('hashes with the given cost and compares, several jobs at once', async () => {
    const hasher = createHasher({ worker: built.programs.worker, cost: 5 })

    const hashes = await Promise.all(['a', 'b', 'c'].map((password) => hasher.hash(password)))

    for (const hash of hashes) expect(hash).toMatch(/^\$2b\$05\$[./A-Za-z0-9]{53}$/)
    expect(await hasher.compare('b', hashes[1] ?? '')).toBe(true)
    expect(await hasher.compare('b', hashes[0] ?? '')).toBe(false)
    await hasher.close()
  })

  it('leaves the event loop free at full cost', async () => {
    const hasher = createHasher({ worker: built.programs.worker })
    await hasher.compare('warm', `$2b$04$${'a'.repeat(53)}`)
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()

    const hash = await hasher.hash('password')

    delay.disable()
    expect(hash.startsWith('$2b$12$')).toBe(true)
    // On this thread it would hold the loop for the whole 300 ms and more; a busy machine adds some.
    expect(delay.percentile(50) / 1e6).toBeLessThan(50)
    await hasher.close()
  })

  it('refuses jobs after it was closed', async () => {
    const hasher = createHasher({ worker: built.programs.worker })
    const waiting = hasher.hash('x')

    const refused = expect(waiting).rejects.toThrow('closed')
    await hasher.close()

    await refused
    await expect(hasher.hash('x')).rejects.toThrow('closed')
  })

  it('does not keep a process alive once its jobs are done, though nobody closes it', async () => {
    const script = `
      import { createHasher } from ${JSON.stringify(built.programs.hasher)}
      const hasher = createHasher({ worker: ${JSON.stringify(path.resolve(built.programs.worker))}, cost: 4 })
      process.stdout.write(await hasher.hash('x'))`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script])
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))

    await once(child, 'close')

    expect(output).toMatch(/^\$2b\$04\$[./A-Za-z0-9]{53}$/)
    expect(child.exitCode).toBe(0)
  })
})
