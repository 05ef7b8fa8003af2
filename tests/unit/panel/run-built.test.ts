import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../support/programs'

const loader = path.resolve(import.meta.dirname, '../../../electron/run-built.cjs')

/** Runs `program.cjs` in the folder, through the loader; `keep` keeps what V8 compiled. Returns what it printed. */
function run(folder: string, keep: boolean): string {
  const words = `const built = require('./run-built.cjs'); built.run('program'); ${keep ? 'built.keep()' : ''}`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', words], { cwd: folder, encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.trim()
}

it('runs a program of the build with what V8 compiled before, and without it when it is of another source', async () => {
  await using folder = await temporaryFolder()
  const at = (name: string) => path.join(folder.path, name)
  copyFileSync(loader, at('run-built.cjs'))
  const program = `const { say } = require("./part.cjs"); const { basename } = require("node:path")
    say(basename(__filename), this === module.exports)`
  writeFileSync(at('program.cjs'), `"use strict"; ${program}`)
  writeFileSync(at('part.cjs'), 'exports.say = (...words) => console.log(...words, "\\u2019")')

  const said = 'program.cjs false ’'
  expect(run(folder.path, true)).toBe(said)
  expect(existsSync(at('part.cjs.v8'))).toBe(true)
  expect(run(folder.path, false)).toBe(said)

  writeFileSync(at('part.cjs'), 'exports.say = () => console.log("another source")')
  expect(run(folder.path, false)).toBe('another source')
  const cut = readFileSync(at('program.cjs.v8')).subarray(0, 100)
  writeFileSync(at('program.cjs.v8'), cut)
  expect(run(folder.path, false)).toBe('another source')
})
