import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { long } from '../../support/long'
import { temporaryFolder } from '../../support/programs'

const root = path.resolve(import.meta.dirname, '../../..')

/** A house of a few files: each imports the others that it names. */
async function violationsIn(files: Readonly<Record<string, readonly string[]>>): Promise<string[]> {
  await using folder = await temporaryFolder()
  await writeFile(path.join(folder.path, 'tsconfig.json'), '{}')
  for (const [file, imported] of Object.entries(files)) {
    const lines = imported.map((other, at) => {
      const from = path.posix.relative(path.posix.dirname(file), other).replace(/^(?!\.)/, './')
      return `import type { A as A${at} } from '${from.replace(/\.ts$/, '')}'`
    })
    await mkdir(path.join(folder.path, path.dirname(file)), { recursive: true })
    await writeFile(path.join(folder.path, file), [...lines, 'export type A = string', ''].join('\n'))
  }
  const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const config = path.join(root, '.config/dependency-cruiser.cjs')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, '--config', config, '--output-type', 'json', 'electron'],
    { cwd: folder.path, maxBuffer: 16 * 2 ** 20 },
  ).catch((error: unknown) => error as { stdout: string }) // it ends with the number of violations
  const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; to: string }[] } }
  return summary.violations.map(({ from, to }) => `${from} → ${to}`).sort()
}

test(
  'a room that imports one above it, a neighbour or an entry, or has no layer, is refused',
  { ...long, timeout: 60_000 },
  async () => {
    const violations = await violationsIn({
      'electron/async/pause.ts': [],
      'electron/vault/book.ts': [
        'electron/async/pause.ts',
        'electron/vault/cipher.ts',
        'electron/credentials/index.ts',
      ],
      'electron/vault/cipher.ts': [],
      'electron/credentials/index.ts': ['electron/async/pause.ts', 'electron/kinds/client.ts'],
      'electron/docker/engine.ts': ['electron/kinds/client.ts'],
      'electron/kinds/client.ts': ['electron/simulator/main.ts'],
      'electron/simulator/main.ts': [],
      'electron/compose/files/dotenv.ts': ['electron/compose/program/compose.ts'],
      'electron/compose/program/compose.ts': [],
      'electron/http/server.ts': ['electron/headless.ts'],
      'electron/headless.ts': [],
      'electron/cellar/wine.ts': ['electron/async/pause.ts'],
    })

    expect(violations).toEqual([
      'electron/cellar/wine.ts → electron/async/pause.ts',
      'electron/compose/files/dotenv.ts → electron/compose/program/compose.ts',
      'electron/docker/engine.ts → electron/kinds/client.ts',
      'electron/http/server.ts → electron/headless.ts',
      'electron/kinds/client.ts → electron/simulator/main.ts',
      'electron/vault/book.ts → electron/credentials/index.ts',
    ])
  },
)
