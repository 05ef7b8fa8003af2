// Runs a program of the build: `run(name)` for `dist/main/<name>.cjs`. Copied there as it is, so plain JavaScript.
'use strict'
const fs = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

/** @typedef {{ file: string, script: vm.Script }} Loaded */

/** What V8 made of a file of the build when it was built: an eighth of the work of a start, or more, is done then. */
const kept = (/** @type {string} */ file) => `${file}.v8`

/** @type {Map<string, { exports: unknown }>} */
const modules = new Map()
/** @type {Loaded[]} */
const loaded = []

function readKept(/** @type {string} */ file) {
  try {
    return fs.readFileSync(kept(file))
  } catch {
    return undefined
  }
}

/** Like `require`, of a file of the build. V8 takes nothing that another version of it, or another source, left. */
function load(/** @type {string} */ file) {
  const known = modules.get(file)
  if (known) return known.exports
  const module = { exports: {} }
  modules.set(file, module)
  // Written by the build, which leaves nothing but ASCII: a byte a character, half of the memory.
  const source = fs.readFileSync(file, 'latin1')
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    cachedData: readKept(file),
  })
  loaded.push({ file, script })
  const outside = createRequire(file)
  const require = (/** @type {string} */ id) =>
    id.startsWith('./') ? load(path.join(path.dirname(file), id)) : outside(id)
  require.resolve = outside.resolve
  script.runInThisContext()(module.exports, require, module, file, path.dirname(file))
  return module.exports
}

/** Runs the program with this name. */
exports.run = (/** @type {string} */ name) => load(path.join(__dirname, `${name}.cjs`))

/** Keeps what V8 has compiled so far of what is loaded, for every later start. */
exports.keep = () => {
  for (const { file, script } of loaded) {
    fs.writeFileSync(`${kept(file)}.tmp`, script.createCachedData())
    fs.renameSync(`${kept(file)}.tmp`, kept(file))
  }
}
