import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { expect, it } from 'vitest'
import { lockDataFolder } from '../../../electron/storage/folder-lock'
import { temporaryFolder } from '../../support/programs'

it('refuses a second panel and names the first', async () => {
  await using folder = await temporaryFolder()
  const file = path.join(folder.path, 'panel.lock')
  const since = new Date('2026-01-02T03:04:05Z')
  const lock = lockDataFolder(file, since)
  expect(() => lockDataFolder(file)).toThrow(
    expect.objectContaining({ id: 'data-folder.in-use', params: { pid: process.pid, since: since.toISOString() } }),
  )
  lock.release()
  lockDataFolder(file).release()
})

it('names the address of the first where it has told it, and no longer once it is gone', async () => {
  await using folder = await temporaryFolder()
  const file = path.join(folder.path, 'panel.lock')
  const lock = lockDataFolder(file)
  lock.announce('http://127.0.0.1:7420/')
  const params: unknown = expect.objectContaining({ address: 'http://127.0.0.1:7420/' })
  expect(() => lockDataFolder(file)).toThrow(expect.objectContaining({ id: 'data-folder.in-use-at', params }))
  lock.release()
  expect(existsSync(path.join(folder.path, 'panel.address'))).toBe(false)

  // One that was killed left its address: the next neither keeps it nor takes it for its own.
  writeFileSync(path.join(folder.path, 'panel.address'), 'http://127.0.0.1:1/')
  const next = lockDataFolder(file)
  expect(() => lockDataFolder(file)).toThrow(expect.objectContaining({ id: 'data-folder.in-use' }))
  writeFileSync(path.join(folder.path, 'panel.address'), 'javascript:alert(1)')
  expect(() => lockDataFolder(file)).toThrow(expect.objectContaining({ id: 'data-folder.in-use' }))
  next.release()
})

it('is let go of by the system when its holder is killed', async () => {
  await using folder = await temporaryFolder()
  const file = path.join(folder.path, 'panel.lock')
  // The same statements from another process, which does not know this code.
  const program = path.join(folder.path, 'holder.cjs')
  writeFileSync(
    program,
    `const db = new (require(${JSON.stringify(createRequire(import.meta.url).resolve('libsql'))}))(${JSON.stringify(file)})
     db.exec('CREATE TABLE holder (pid INTEGER, since TEXT)')
     db.prepare('INSERT INTO holder VALUES (?, ?)').run(process.pid, 'then')
     db.exec('BEGIN IMMEDIATE')
     process.send('held')
     setInterval(() => {}, 1000)`,
  )
  const holder = fork(program)
  await once(holder, 'message')
  expect(() => lockDataFolder(file)).toThrow(
    expect.objectContaining({ id: 'data-folder.in-use', params: { pid: holder.pid, since: 'then' } }),
  )
  holder.kill('SIGKILL')
  await once(holder, 'close')
  lockDataFolder(file).release()
})
