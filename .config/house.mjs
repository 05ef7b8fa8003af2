// Counts what the house promises of itself, and fails where a count grows: `npm run check:house`. With `--functions` it
// lists the long functions. A limit in house.json is lowered when its count falls, and never raised.
import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'

/** In lines. */
const long = 60
const tooLong = 150
const longFile = 400

/** @type {Record<string, number>} */
const limits = JSON.parse(readFileSync(new URL('house.json', import.meta.url), 'utf8'))

const sources = ['electron', 'renderer', 'shared']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`))
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => ({ file: file.replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }))

/**
 * @param {ts.Node} node
 * @returns {string}
 */
function nameOf(node) {
  const named = /** @type {{ name?: ts.Node }} */ (node).name ?? /** @type {{ name?: ts.Node }} */ (node.parent).name
  return named ? named.getText() : '(without a name)'
}

/**
 * Every function with its length in lines, outer ones with what they enclose.
 * @param {{ file: string, text: string }} source
 */
function functionsOf({ file, text }) {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  /** @type {{ file: string, name: string, lines: number }[]} */
  const found = []
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isFunctionLike(node) && /** @type {{ body?: ts.Node }} */ (node).body) {
      const lineAt = (/** @type {number} */ at) => tree.getLineAndCharacterOfPosition(at).line
      found.push({ file, name: nameOf(node), lines: lineAt(node.end) - lineAt(node.getStart()) + 1 })
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

const functions = sources.flatMap(functionsOf).toSorted((a, b) => b.lines - a.lines)
if (process.argv.includes('--functions')) {
  for (const { file, name, lines } of functions.filter(({ lines }) => lines > long)) console.log(lines, name, file)
}

const kindNames = sources
  .filter(({ file }) => !/^electron\/(kinds|simulator)\/|^shared\/kinds\.ts$/.test(file))
  .reduce((sum, { text }) => sum + (text.match(/'(?:comfyui|forge|forge-neo)'/g)?.length ?? 0), 0)

/** A listener that is forgotten on a signal that lives on is a leak: onAbort, orAborted and wake know how to leave it. */
const abortListeners = sources
  .filter(({ file }) => /^electron\/(?!async\/|simulator\/)/.test(file))
  .reduce((sum, { text }) => sum + (text.match(/addEventListener\(\s*'abort'/g)?.length ?? 0), 0)

/** @type {[name: string, count: number, words: string][]} */
const counts = [
  ['functionsTooLong', functions.filter(({ lines }) => lines > tooLong).length, `functions above ${tooLong} lines`],
  ['functionsLong', functions.filter(({ lines }) => lines > long).length, `functions above ${long} lines`],
  [
    'filesLong',
    sources.filter(({ text }) => text.trimEnd().split('\n').length > longFile).length,
    `files above ${longFile} lines`,
  ],
  ['kindNames', kindNames, 'names of a kind outside kinds/, simulator/ and shared/kinds.ts'],
  ['abortListeners', abortListeners, "listeners to 'abort' outside electron/async/"],
  ['vaultFiles', sources.filter(({ file }) => file.startsWith('electron/vault/')).length, 'files in vault/'],
]

for (const [name, count, words] of counts) {
  const limit = limits[name] ?? 0
  console.log(`${String(count).padStart(4)} ${words} (at most ${limit})`)
  if (count > limit) process.exitCode = 1
  else if (count < limit) console.log(`     lower "${name}" in .config/house.json to ${count}`)
}
if (process.exitCode) console.error('The house has grown where it promised not to: see .config/house.mjs --functions.')
