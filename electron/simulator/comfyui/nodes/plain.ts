import { passes, type Argument, type NodeClass } from './node'
import { sizeOfPixels } from './sizes'

const text = (value: Argument) => (typeof value === 'object' ? (value?.kind ?? 'None') : String(value))

/** Classes that make nothing but values for others. */
export const plain: Record<string, NodeClass> = {
  PrimitiveInt: passes('value'),
  PrimitiveFloat: passes('value'),
  PrimitiveBoolean: passes('value'),
  PrimitiveString: passes('value'),
  PrimitiveStringMultiline: passes('value'),
  PreviewAny: { run: (args) => ({ values: [text(args.any('source'))] }) },
  ComfySwitchNode: { run: (args) => ({ values: [args.any(args.any('switch') === true ? 'on_true' : 'on_false')] }) },
  StringConcatenate: {
    run: (args) => ({ values: [args.text('string_a') + args.text('delimiter') + args.text('string_b')] }),
  },
  ResolutionSelector: {
    run: (args) => {
      const [w = 1, h = 1] = (/^\d+:\d+/.exec(args.text('aspect_ratio'))?.[0] ?? '1:1').split(':').map(Number)
      const pixels = args.number('megapixels', 1) * 1024 * 1024
      const { width, height } = sizeOfPixels({ width: w, height: h }, pixels, args.number('multiple', 8))
      return { values: [width, height] }
    },
  },
}
