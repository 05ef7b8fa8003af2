import { describe, test, type TestOptions } from 'vitest'
import type { TestCompose } from './compose'

/** The mark of a test that runs at night: `npm run test:long`. CONTRIBUTING says what belongs there. */
export const long = { tags: ['long'] }

/**
 * A group of tests for each Compose program. The first has its turn in every run, and further ones at night: Compose 1
 * takes a second of a processor whenever it is asked.
 */
export function describeCompose(
  programs: readonly TestCompose[],
  options: Pick<TestOptions, 'timeout'>,
  body: (program: TestCompose) => void,
): void {
  for (const [at, program] of programs.entries())
    describe(`Compose ${program.generation}`, { ...options, ...(at > 0 && long) }, () => body(program))
}

/** A test of made-up input: few rounds of it in every run, and all of them at night. */
export function testRounds(
  name: string,
  { few, all }: Readonly<Record<'few' | 'all', number>>,
  body: (rounds: number) => void | Promise<void>,
): void {
  test(`${name} (${few})`, () => body(few))
  test(`${name} (${all})`, long, () => body(all))
}
