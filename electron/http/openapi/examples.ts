import type { Described } from '../../../shared/contract'
import type { Body, Parameter } from './document'

/** Parameters whose schema has an example show it where tools look for one. */
export const withExamples = (parameters: readonly Parameter[]): Parameter[] =>
  parameters.map((parameter) => {
    const example = parameter.schema?.examples?.[0]
    return example === undefined ? parameter : { ...parameter, example }
  })

/** A body with the contract's example of it; what takes a file takes a form alone. */
export function bodyOf(body: Body, { example, takesFile }: Described): Body {
  const content: Body['content'] = {}
  for (const [type, media] of Object.entries(body.content))
    if ((type === 'multipart/form-data') === takesFile()) content[type] = { ...media, ...(example && { example }) }
  return { ...body, content }
}
