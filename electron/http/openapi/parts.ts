import type { Answer, Operation, Parameter } from './document'

const header = (name: string, description: string): Parameter => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
})

/**
 * What is said of an operation whose answer may be asked for in part or not again (`accept-ranges` among the headers of
 * its answer): see `conditional`. Empty for every other.
 */
export function partsOf({ responses = {} }: Operation): { parameters: Parameter[]; responses: Record<string, Answer> } {
  const whole = responses['200']
  if (!whole?.headers || !('accept-ranges' in whole.headers)) return { parameters: [], responses: {} }
  return {
    parameters: [
      header('Range', 'The bytes that are wanted, e.g. `bytes=0-1023`.'),
      header('If-None-Match', 'The `etag` of an earlier answer: 304 where it is still the same.'),
    ],
    responses: {
      '206': { ...whole, description: 'The bytes that were asked for.' },
      '304': { description: 'It is what the caller has already.' },
      '416': { description: 'There are no such bytes.' },
    },
  }
}
