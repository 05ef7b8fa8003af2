// @ts-check
// `npm run sbom [-- FILE]`: what ships, as a CycloneDX document (https://cyclonedx.org/docs/1.5/json/). npm knows every package's
// hash, license and source; the build knows which of them it took in, although package.json calls them tools.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ensureBuilt, root } from './build.mjs'
import { shippedPackages } from './notices.mjs'

/** @typedef {{ 'bom-ref': string, name: string, version: string, [further: string]: unknown }} Component */
/** @typedef {{ metadata: { component: Component }, components: Component[], dependencies: { ref: string, dependsOn: string[] }[] }} Bom */

const require = createRequire(path.join(root, 'package.json'))

/** What npm says about everything that is installed. @returns {Bom} */
function installed() {
  const npm = process.env['npm_execpath']
  const [program, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]]
  const { status, stdout, stderr } = spawnSync(program, [...args, 'sbom', '--sbom-format', 'cyclonedx'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  })
  if (status !== 0) throw new Error(`npm sbom failed: ${stderr.trim()}`)
  return JSON.parse(stdout)
}

/** The libraries that are linked into libvips' package, which npm does not see. @returns {object[]} */
function linkedInto(/** @type {string} */ name) {
  if (!name.startsWith('@img/sharp-')) return []
  try {
    /** @type {Record<string, string>} */
    const versions = JSON.parse(readFileSync(require.resolve(`${name}/versions`), 'utf8'))
    return Object.entries(versions).map(([library, version]) => ({ type: 'library', name: library, version }))
  } catch (error) {
    // A package without libvips in it has no such list; anything else is a failure.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return []
    throw error
  }
}

/**
 * The part of npm's document that is in a packed Regie: bundled, beside the bundle, and Electron.
 * @param {Bom} bom
 * @returns {Bom}
 */
function shippedOf(bom) {
  const electron = JSON.parse(readFileSync(require.resolve('electron/package.json'), 'utf8'))
  const ships = new Set([...shippedPackages(root), electron].map(({ name, version }) => `${name}@${version}`))
  const components = bom.components
    .filter(({ name, version }) => ships.has(`${name}@${version}`))
    .map((component) => {
      const linked = linkedInto(component.name)
      // npm's only property says that it is a tool, which is not so once it is bundled.
      return { ...component, properties: [], ...(linked.length > 0 && { components: linked }) }
    })
  const found = new Set(components.map(({ name, version }) => `${name}@${version}`))
  const missing = [...ships].filter((each) => !found.has(each))
  if (missing.length > 0) throw new Error(`npm does not know what ships: ${missing.join(', ')}`)
  const refs = new Set(components.map((component) => component['bom-ref']))
  const regie = { ...bom.metadata.component, type: 'application', name: 'regie' }
  return {
    ...bom,
    metadata: { ...bom.metadata, component: regie },
    components,
    dependencies: [
      { ref: regie['bom-ref'], dependsOn: [...refs] },
      ...bom.dependencies
        .filter(({ ref }) => refs.has(ref))
        .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) })),
    ],
  }
}

await ensureBuilt()
const bom = shippedOf(installed())
const file = path.resolve(
  process.argv[2] ?? path.join(root, 'release', `regie-${bom.metadata.component.version}.cdx.json`),
)
mkdirSync(path.dirname(file), { recursive: true })
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`)
console.log(`${bom.components.length} packages: ${path.relative(process.cwd(), file)}`)
