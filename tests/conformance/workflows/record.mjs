// @ts-check
// Records what a running ComfyUI says of the classes that the recordings name, and of those that are added:
// `node tests/conformance/workflows/record.mjs URL [--played CLASS…] [--used CLASS…] [--from CLASS=VERSION …]`.
// Facts only: names, types, defaults, choices; no prose, no files of that installation, and numbers as they came. A class
// that was put into it from another version is named with that version. `npm run format` afterwards.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'

const root = path.resolve(import.meta.dirname, '../../..')
/** Classes that the simulator plays, and those that the templates use besides. */
const recordings = {
  played: 'electron/simulator/comfyui/nodes/recorded.json',
  used: 'tests/conformance/workflows/recorded.json',
}

const prose = new Set(['output_tooltips', 'search_aliases', 'price_badge'])

const many = { type: /** @type {const} */ ('string'), multiple: /** @type {const} */ (true) }
const { positionals, values } = parseArgs({ allowPositionals: true, options: { played: many, used: many, from: many } })
const [url] = positionals
if (url === undefined) throw new Error('name the ComfyUI: its URL')

// The largest seed does not fit a number of JavaScript: every number is kept as its text.
/** @param {string} json */
const readExactly = (json) =>
  JSON.parse(
    json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (token) =>
      token.startsWith('"') ? token : `"\\u0001${token}"`,
    ),
  )
/** @param {string} json */
const writeExactly = (json) => json.replaceAll(/"\\u0001([^"]+)"/g, '$1')

/** @param {string} route @returns {Promise<any>} */
const ask = async (route) => {
  const answer = await fetch(url + route)
  if (!answer.ok) throw new Error(`${route} answers ${answer.status}`)
  return readExactly(await answer.text())
}

const stats = await ask('/system_stats')
const info = await ask('/object_info')
/** What lies in the folders of models there. */
const files = new Set()
for (const folder of await ask('/models')) for (const name of await ask(`/models/${folder}`)) files.add(name)

/** A drop-down of the old kind (`[[…]]`) or the new one (`options`), with what the program itself offers. @param {string} key @param {unknown} value */
function withoutFiles(key, value) {
  if (!Array.isArray(value)) return value
  const own = (/** @type {unknown[]} */ choices) => choices.filter((choice) => !files.has(choice))
  if (key === 'options') return own(value)
  if (!Array.isArray(value[0])) return value
  return [value[1]?.['image_upload'] === true ? [] : own(value[0]), ...value.slice(1)]
}

/** @param {string} key @param {unknown} value */
function facts(key, value) {
  // An input may be called so, and is no text.
  const isText = (key === 'tooltip' || key === 'description') && typeof value === 'string'
  return isText || prose.has(key) ? undefined : withoutFiles(key, value)
}

for (const [kind, file] of Object.entries(recordings)) {
  const place = path.join(root, file)
  const before = JSON.parse(readFileSync(place, 'utf8'))
  const added = (kind === 'played' ? values.played : values.used) ?? []
  const classes = [...new Set([...Object.keys(before.classes), ...added])].sort()
  const lacking = classes.filter((name) => !(name in info))
  if (lacking.length > 0) throw new Error(`this ComfyUI has no ${lacking.join(', ')}`)
  const others = { ...before.others, ...Object.fromEntries((values.from ?? []).map((one) => one.split('='))) }
  const recorded = {
    comfyui: stats.system.comfyui_version,
    others: Object.fromEntries(Object.entries(others).filter(([name]) => classes.includes(name))),
    classes: Object.fromEntries(classes.map((name) => [name, info[name]])),
  }
  writeFileSync(place, writeExactly(`${JSON.stringify(recorded, facts, 2)}\n`))
  console.log(`${file}: ${classes.length} classes of ComfyUI ${recorded.comfyui}`)
}
