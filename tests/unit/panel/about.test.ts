import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { commitHere } from '../../../electron/build.mjs'
import { describePanel } from '../../../electron/panel/about'
import { reason } from '../../../shared/problems'
import { temporaryFolder } from '../../support/programs'

const quiet = { notices: () => [] }

test('the commit is that of the repository; a folder inside one that is none of it has none', async () => {
  await using folder = await temporaryFolder()
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder.path, encoding: 'utf8' }).trim()
  git('init', '--quiet')
  expect(commitHere(folder.path)).toBeNull()
  await writeFile(path.join(folder.path, 'file'), 'x')
  git('add', 'file')
  git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '--quiet', '--message', 'one')
  expect(commitHere(folder.path)).toBe(git('rev-parse', 'HEAD').slice(0, 12))
  const inside = path.join(folder.path, 'unpacked')
  await mkdir(inside)
  expect(commitHere(inside)).toBeNull()
})

test('tells version, commit and what stands to be told', () => {
  const about = describePanel({
    options: { dataFolder: '/data', demo: true, notices: [reason('demo.key-file')] },
    gallery: { notice: null },
    ledger: { notice: reason('ledger.moved-aside', { kept: 'gateway.db.old' }) },
    audit: quiet,
    people: { notices: () => [reason('people.unreadable', { file: 'people.json' })] },
    rivals: () => [],
    alerts: () => [],
    vault: { status: () => ({ state: 'empty', keeper: 'passphrase' }) },
    rotations: quiet,
    updates: quiet,
    workflows: quiet,
  })()
  expect(about.version).toMatch(/^\d+\.\d+\.\d+/)
  expect(about.commit).toBe(commitHere())
  expect(about.notices.map(({ problem }) => problem)).toEqual([
    ...['demo.key-file', 'ledger.moved-aside', 'people.unreadable'],
  ])
})
