// Run by electron/build.mjs: starts the built panel once, apart from everything, and keeps what V8 compiled for it.
// A process of its own, because the panel takes the process it runs in for its own.
import { createRequire } from 'node:module'
import path from 'node:path'

const built = path.resolve(import.meta.dirname, '../dist/main')
const { run, keep } = createRequire(import.meta.url)(path.join(built, 'run-built.cjs'))
/** For its data, given and deleted by the build. */
const [, , folder = ''] = process.argv

/**
 * Runs a program of the build, and resolves with what it prints that is waited for.
 * @param {string} name
 * @param {string[]} args
 * @param {RegExp} awaited
 */
function printedBy(name, args, awaited) {
  process.argv = [process.execPath, path.join(built, `${name}.js`), ...args]
  const printed = new Promise((resolve) => {
    process.stdout.write = (text) => {
      const [found] = awaited.exec(String(text)) ?? []
      if (found) resolve(found)
      return true
    }
  })
  run(name)
  return printed
}

const address = await printedBy('headless', ['--demo', '--port', '0', '--data', folder], /http:\/\/127\.0\.0\.1:\d+\//)
// All that a command loads, which then asks nobody.
await printedBy('cli', ['services', '--help'], /--ids/)
// The ways of a first page and of a first call, whatever they answer.
for (const way of ['', 'api/v1/health', 'api/v1/services', 'rpc/services/list'])
  await (await fetch(address + way)).arrayBuffer()
keep()
// Said to this process alone: on Windows a real one would end it in the middle.
process.emit('SIGTERM', 'SIGTERM')
