import { parseSync, Visitor, type Plugin } from 'vite'

/** What makes an object schema of a literal that stands in its last argument. */
const ofObjects = new Set(['object', 'strictObject', 'looseObject', 'extend', 'safeExtend'])

/** A value that means something else in a function of its own. */
const isBound = (value: string) => /\b(?:this|super|arguments|await|yield)\b/.test(value)

/**
 * The same module, in which the fields of object schemas are made when one of them is asked for first: zod takes getters in
 * a shape, and reads each once. The panel's contract is some thousands of schemas, of which a start needs a few.
 */
export function withLazyFields(file: string, code: string): string {
  const edits: { at: number; to: number; text: string }[] = []
  const visitor = new Visitor({
    CallExpression({ callee, arguments: given }) {
      const shape = given.at(0)
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return
      if (!ofObjects.has(callee.property.name) || shape?.type !== 'ObjectExpression') return
      for (const field of shape.properties) {
        if (field.type !== 'Property' || field.kind !== 'init' || field.method || field.shorthand || field.computed)
          continue
        const { key, value } = field
        const text = code.slice(value.start, value.end)
        // What stands there already is no work, and what a function means is its own.
        if (!text.includes('(') || isBound(text)) continue
        edits.push({ at: field.start, to: value.start, text: `get ${code.slice(key.start, key.end)}() { return ` })
        edits.push({ at: value.end, to: value.end, text: ' }' })
      }
    },
  })
  const { program, errors } = parseSync(file, code)
  if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors.map(({ message }) => message).join('; ')}`)
  visitor.visit(program)
  // From the end: what stands before stays where it was.
  edits.sort((one, other) => other.at - one.at)
  return edits.reduce((text, { at, to, text: put }) => text.slice(0, at) + put + text.slice(to), code)
}

/** Builds the panel with schemas whose fields are made at their first use. Lines stay where they are. */
export const lazySchemas = (): Plugin => ({
  name: 'lazy-schemas',
  enforce: 'pre',
  apply: 'build',
  applyToEnvironment: ({ name }) => name === 'main',
  transform: {
    filter: { id: /[\\/](?:electron|shared)[\\/].*\.ts$/, code: "from 'zod'" },
    handler: (code, id) => ({ code: withLazyFields(id, code), map: null }),
  },
})
