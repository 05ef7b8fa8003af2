import { expect, it } from 'vitest'
import { post } from '../../../electron/alerts/channels/post'
import { freePort } from '../../support/ports'

it('a message that was given up before it began fails in order, also where nobody listens', async () => {
  const url = new URL(`http://127.0.0.1:${await freePort()}/`)
  const given = post({ url, signal: AbortSignal.abort(), wire: {} })
  await expect(given).rejects.toMatchObject({ id: 'alerts.unreachable' })
  // A failure that nobody hears would end the panel, and this process: another request's is heard after it.
  await expect(fetch(url)).rejects.toThrow()
})
