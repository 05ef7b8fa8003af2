import type { GivenText, ProcessSpec, VaultReference } from './contract'

/** The parts of what a program is given; a plain text is one part. */
export const partsOf = (given: GivenText): readonly (string | VaultReference)[] =>
  typeof given === 'string' ? [given] : given

/** Everything of the vault that a text refers to. */
export const referencesIn = (given: GivenText): VaultReference[] =>
  partsOf(given).flatMap((part) => (typeof part === 'string' ? [] : [part]))

/** Everything of the vault that a program is given, among its arguments and in its environment. */
export const referencesOf = ({ args, env }: Pick<ProcessSpec, 'args' | 'env'>): VaultReference[] =>
  [...args, ...Object.values(env)].flatMap(referencesIn)

/** The text as the program gets it, by what each reference stands for. */
export const filledIn = (given: GivenText, valueOf: (reference: VaultReference) => string): string =>
  partsOf(given)
    .map((part) => (typeof part === 'string' ? part : valueOf(part)))
    .join('')
