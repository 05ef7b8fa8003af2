import { describe, expect, it } from 'vitest'
import { isProblemId, Problem, problems, reason, type ProblemId } from '../../../shared/problems'

const placesIn = ({ message, hint }: { message: string; hint: string }) => [
  ...new Set([...`${message} ${hint}`.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name)),
]

describe('the places of a problem’s texts', () => {
  it('of the French text are among those of the English one, which the compiler asks for: none stays empty', () => {
    const empty = Object.entries(problems).flatMap(([id, { en, fr }]) =>
      placesIn(fr)
        .filter((name) => !placesIn(en).includes(name))
        .map((name) => `${id}: ${name}`),
    )
    expect(empty).toEqual([])
  })

  it('are asked for by the compiler, each by its name', () => {
    expect(new Problem('vault.write-failed', { code: 'EIO' }).message).toContain('EIO')
    // @ts-expect-error a value is missing
    expect(new Problem('vault.write-failed').params).toEqual({})
    // @ts-expect-error its name is misspelt
    expect(reason('vault.write-failed', { cod: 'EIO' }).message).not.toContain('EIO')
    // One that is only known when the program runs brings its own values.
    const id: ProblemId = isProblemId('vault.locked') ? 'vault.locked' : 'vault.newer'
    expect(reason<ProblemId>(id, {}).problem).toBe('vault.locked')
  })
})
