import { expect, it } from 'vitest'
import { backendProblems } from '../../../shared/problems/backends'
import { generationProblems } from '../../../shared/problems/generations'

const all = Object.entries({ ...backendProblems, ...generationProblems })
const placesOf = (text: string) => new Set(Array.from(text.matchAll(/\{\{\w+\}\}/g), String))

it('names the same values in English and in French', () => {
  for (const [id, { en, fr }] of all)
    expect(placesOf(`${fr.message} ${fr.hint}`), id).toEqual(placesOf(`${en.message} ${en.hint}`))
})
