// @ts-check
// What a packed Regie holds of other people's work, and the notices that their licenses ask for. Plain JavaScript: the
// build runs it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/**
 * One package of others that ships. `text` is what its files say about its license, '' where they say nothing.
 * @typedef {{ name: string, version: string, license: string, text: string }} Shipped
 */

/** Where each build tells which packages it took in, below its output folder: Vite's `build.license`. */
export const bundledFile = '.vite/bundled.json'
const noticesFile = 'THIRD-PARTY-NOTICES.txt'

/** @returns {{ name?: string, version: string, license?: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} */
const manifestOf = (/** @type {string} */ folder) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))

/** The texts of a package's folder that must go along with it: its licenses, its notice, and those of what it embeds. */
function textsIn(/** @type {string} */ folder) {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)|-bundle\.js\.LICENSE/i.test(name))
  // libvips' packages tell the licenses of what is linked into them in their README alone.
  if (names.length === 0 || folder.includes('sharp-libvips')) names.push('README.md')
  return names
    .filter((name) => existsSync(path.join(folder, name)))
    .map((name) => readFileSync(path.join(folder, name), 'utf8').trim())
    .join('\n\n')
}

/** The folder of a package as seen from another one, or null where it is not installed (another system's binaries). */
function folderOf(/** @type {string} */ name, /** @type {string} */ from) {
  const places = createRequire(path.join(from, 'package.json')).resolve.paths(name) ?? []
  return places.map((place) => path.join(place, name)).find((folder) => existsSync(path.join(folder, 'package.json')))
}

/** The packages that come along as packages: what package.json depends on, and what those depend on. @returns {Shipped[]} */
function packages(/** @type {string} */ root) {
  /** @type {Map<string, Shipped>} */
  const found = new Map()
  const visit = (/** @type {string} */ folder) => {
    const { dependencies, optionalDependencies } = manifestOf(folder)
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const inner = folderOf(name, folder)
      if (inner === undefined || found.has(inner)) continue
      const { version, license = '' } = manifestOf(inner)
      found.set(inner, { name, version, license, text: textsIn(inner) })
      visit(inner)
    }
  }
  visit(root)
  return [...found.values()]
}

/** The packages that the builds took into their own files. @returns {Shipped[]} */
function bundled(/** @type {string} */ root) {
  return ['main', 'renderer'].flatMap((part) => {
    /** @type {{ name: string, version: string, identifier?: string, text?: string }[]} */
    const entries = JSON.parse(readFileSync(path.join(root, 'dist', part, bundledFile), 'utf8'))
    return entries.map(({ name, version, identifier = '', text = '' }) => {
      const folder = folderOf(name, root)
      // Vite reads one file of a package; there may be a notice beside it. Another version may lie deeper.
      const isSame = folder !== undefined && manifestOf(folder).version === version
      return { name, version, license: identifier, text: (isSame && textsIn(folder)) || text }
    })
  })
}

/**
 * Every package of others that a packed Regie holds, by name: bundled, or beside the bundle. Electron brings its own
 * notices, and is not among them. Throws where `dist/` was not built.
 * @returns {Shipped[]}
 */
export function shippedPackages(/** @type {string} */ root) {
  /** @type {Map<string, Shipped>} */
  const all = new Map()
  for (const each of [...bundled(root), ...packages(root)]) all.set(`${each.name}@${each.version}`, each)
  return [...all.values()].sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version))
}

const rule = '='.repeat(80)

/** Texts that a license refers to without bringing them, by how its identifier begins. */
const referredTo = [
  { license: /\bLGPL-3\.0/, files: ['LGPL-3.0.txt', 'GPL-3.0.txt'] },
  { license: /\bApache-2\.0\b/, files: ['Apache-2.0.txt'] },
]

/** Writes the notices of everything that ships to `dist/THIRD-PARTY-NOTICES.txt`. */
export function writeNotices(/** @type {string} */ root) {
  const shipped = shippedPackages(root)
  const parts = shipped.map(({ name, version, license, text }) =>
    [
      rule,
      `${name} ${version} (${license})`,
      rule,
      '',
      text || `Its package says no more than this name: ${license}.`,
    ].join('\n'),
  )
  const further = referredTo
    .filter(({ license }) => shipped.some((each) => license.test(each.license)))
    .flatMap(({ files }) => files)
    .map((file) =>
      [
        rule,
        file.replace(/\.txt$/, ''),
        rule,
        '',
        readFileSync(path.join(root, 'resources/licenses', file), 'utf8'),
      ].join('\n'),
    )
  const head = [
    'Regie contains the following work of others, under the licenses that follow.',
    '',
    'libvips and the libraries linked into it (packages @img/sharp-…) are under the LGPL, version 3 or later. They lie',
    'as shared libraries of their own in resources/app.asar.unpacked/node_modules/@img, where you may replace them with',
    'builds of your own. Their sources and build scripts: https://github.com/lovell/sharp-libvips',
    '',
    'Electron and Chromium bring their notices with them: LICENSE.electron.txt, LICENSES.chromium.html.',
  ]
  writeFileSync(path.join(root, 'dist', noticesFile), `${[head.join('\n'), ...parts, ...further].join('\n\n')}\n`)
}
