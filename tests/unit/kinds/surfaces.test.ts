import { describe, expect, it } from 'vitest'
import { allKinds, surfacesOf } from '../../../electron/kinds'
import { kindIds, kinds } from '../../../shared/kinds'

it('has a kind for each name, and each under its own', () => {
  expect(allKinds.map(({ id }) => id)).toEqual(kindIds)
})

describe.each(allKinds)('the surfaces of $id', ({ id, surfaces, sessions }) => {
  const { protectedPath } = kinds[id]

  it('have ids of their own', () => {
    const ids = surfaces.map((row) => row.id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('begin with the path that pages and doctor take for the protected one: each topic asks it', () => {
    expect(surfaces[0]).toMatchObject({ path: protectedPath, doctor: 'stranger', exposure: { sets: 'api' } })
    expect(surfacesOf(id)[0]).toMatchObject({ surface: `GET ${protectedPath}`, purpose: 'status' })
  })

  it('are asked by somebody, and by strangers only where that reads', () => {
    expect(surfaces.filter((row) => !row.proof && !row.exposure && !row.doctor)).toEqual([])
    expect(surfaces.filter((row) => row.method === 'POST' && row.exposure)).toEqual([])
  })

  it('hold the one by which a sign-in is proven', () => {
    expect(surfacesOf(id).map(({ purpose }) => purpose)).toContain(sessions.provenBy)
  })
})
