import { QueryClient } from '@tanstack/react-query'
import { expect, it, vi } from 'vitest'

it('after a gap in what the panel told, all that is shown is asked anew', async () => {
  // The client looks at its page's address when it is loaded.
  vi.stubGlobal('location', new URL('regie://panel/'))
  const { applyEvent } = await import('../../../renderer/api/cache')
  const cache = new QueryClient()
  cache.setQueryData(['services'], [])
  applyEvent(cache, { type: 'hello', at: 1 })
  expect(cache.getQueryState(['services'])?.isInvalidated).toBe(false)
  applyEvent(cache, { type: 'gap' })
  expect(cache.getQueryState(['services'])?.isInvalidated).toBe(true)
})
