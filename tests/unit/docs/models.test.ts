import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { capabilitiesOf } from '../../../electron/kinds/comfyui/capabilities'
import { factsOf } from '../../../electron/kinds/comfyui/facts'
import { families, smoke } from '../../../electron/kinds/comfyui/families'
import { classesOf } from '../../../electron/kinds/comfyui/families/recognise'
import { offerOf } from '../../../electron/kinds/comfyui/offer'
import { forgeStandings } from '../../../electron/kinds/forge/families'
import { needText } from '../../../electron/kinds/needs'
import type { Need } from '../../../shared/contract'

const guide = await readFile(new URL('../../../docs/user-guide.md', import.meta.url), 'utf8')
const section = /### Which models Regie knows\n(.*?)\n##/s.exec(guide)?.[1] ?? ''
/** Rows of the section's tables, cell by cell. */
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Model') && !line.startsWith('| -'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

const files = (missing: Need[]) => missing.map((need) => `\`${needText(need)}\``).join(', ')

describe('the table of models in the user guide', () => {
  it('has every family of ComfyUI with its tasks, defaults and files', () => {
    const nothing = { choices: {}, nodes: classesOf([...families, smoke]), facts: factsOf(null, []) }
    const told = capabilitiesOf(offerOf(nothing, new Set())).families
    expect(told).toHaveLength(families.length)
    for (const { title, tasks, defaults, missing, expected } of told)
      expect(rows).toContainEqual([
        title,
        tasks.join(', '),
        `${defaults.steps} / ${defaults.cfg}`,
        `${((expected.filesMiB ?? 0) / 1024).toFixed(1)} GiB`,
        files(missing),
      ])
  })

  it('has every family of Forge and Neo with its files', () => {
    const all = forgeStandings([], [], true)
    const plain = new Set(forgeStandings([], [], false).map(({ family }) => family.id))
    for (const { family, missing } of all)
      expect(rows).toContainEqual([family.title, plain.has(family.id) ? 'Forge, Neo' : 'Neo', files(missing)])
    expect(rows).toHaveLength(families.length + all.length)
  })
})
