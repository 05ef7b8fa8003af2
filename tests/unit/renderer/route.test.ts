import { describe, expect, it } from 'vitest'
import { hrefOf, parseHash, studioHref } from '../../../renderer/ui/route'

describe('a location hash', () => {
  it('names a page', () => {
    expect(parseHash('#/gpus')).toMatchObject({ page: 'gpus' })
  })

  it('names one thing on a page', () => {
    expect(parseHash(hrefOf('services', 'comfyui demo/é'))).toMatchObject({ page: 'services', id: 'comfyui demo/é' })
  })

  it('names one part of a thing', () => {
    expect(parseHash(hrefOf('services', 'forge-demo', 'logs'))).toMatchObject({ id: 'forge-demo', tab: 'logs' })
  })

  it('carries a query after a question mark', () => {
    const { page, query } = parseHash(studioHref('forge-demo'))
    expect({ page, service: query.get('service') }).toEqual({ page: 'studio', service: 'forge-demo' })
  })

  it.each(['', '#', '#/', '#/nowhere', '#/../etc'])('leads to the overview when it is %j', (hash) => {
    expect(parseHash(hash)).toMatchObject({ page: 'overview' })
  })

  it('survives a broken escape', () => {
    expect(parseHash('#/services/%E0%A4%A')).toMatchObject({ page: 'services', id: '%E0%A4%A' })
  })
})
