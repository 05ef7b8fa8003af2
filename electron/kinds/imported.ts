import type { InputValue, WorkflowInput } from '../../shared/contract'

/** An id that Regie made: of an imported workflow, beside the names of families; of a picture, beside a service's names. */
export const isMadeId = (name: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)

/** The ids of pictures that the values of a form name. A text that looks like one is none. */
export const picturesIn = (form: readonly WorkflowInput[], values: Readonly<Record<string, InputValue>>): string[] =>
  form.flatMap(({ id, type }) => {
    const value = values[id]
    return type === 'image' && typeof value === 'string' && isMadeId(value) ? [value] : []
  })
