import { dollarsOf } from '../../files/interpolation'
import { at, fixIn, serviceRule, type Draft } from '../rule'
import { contentOf, scalarsIn, textOf } from '../yaml'

const hashInYaml = /(?<!\$)\$2[abxy]?\$\d\d\$/

/** `$` in YAML values that Compose takes for its own. */
export const yamlDollar = serviceRule('yaml-dollar', (service, { variables }) =>
  service.parts.flatMap(({ file, map }) =>
    scalarsIn(map).flatMap((node, index): Draft[] => {
      const text = textOf(node) ?? ''
      if (!text.includes('$')) return []
      const isHash = hashInYaml.test(text)
      const isSwallowed = (name: string) => !variables.has(name) && !/^[A-Z_][A-Z0-9_]*$/.test(name)
      const bare = dollarsOf(text).find(({ kind, name }) => kind === 'bare' && isSwallowed(name))
      if (!isHash && !bare) return []
      const content = contentOf(file, node)
      const edits = dollarsOf(content?.text ?? '')
        .filter(({ kind, name }) =>
          isHash ? kind === 'stray' || kind === 'bare' : kind === 'bare' && isSwallowed(name),
        )
        .map(({ start }) => ({ start: start + (content?.start ?? 0), end: start + (content?.start ?? 0), text: '$' }))
      const fixes = content ? [fixIn(file, edits, { problem: 'lint.fix-double-dollar', needs: 'recreate' })] : []
      const place = { ...at(file, node), key: `${file.source.name}.${index}`, fixes }
      return isHash
        ? [{ ...place, severity: 'danger', problem: 'lint.yaml-dollar-hash' }]
        : [{ ...place, severity: 'warning', problem: 'lint.yaml-dollar', params: { name: bare?.name ?? '' } }]
    }),
  ),
)
