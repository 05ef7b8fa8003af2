import { expect, it } from 'vitest'
import { adoptProject } from '../../../electron/stacks/adopt'
import type { Service, ServiceConfig } from '../../../shared/contract'
import { temporaryFolder } from '../../support/programs'
import { openTestVault } from '../vault/support'

it('a service is adopted with a password that Forge breaks on: as it is, marked, and written nowhere', async () => {
  await using folder = await temporaryFolder('adopt')
  const { credentials } = await openTestVault(folder.path)
  const made: ServiceConfig[] = []
  const services = {
    list: () => [],
    create(config: ServiceConfig) {
      made.push(config)
      return config as Service // the order's answer is not looked at here
    },
    start: () => Promise.reject(new Error('not asked for')),
    cancel: () => Promise.reject(new Error('not asked for')),
    down: () => Promise.reject(new Error('not asked for')),
    remove: () => Promise.resolve(),
  }
  const password = 'ab:cd,12'

  await adoptProject(
    { credentials, services, reportBug: (error) => expect.unreachable(String(error)) },
    {
      project: { file: '/site/compose.yaml', project: 'site' },
      services: [
        {
          ...{ service: 'forge', id: 'forge', kind: 'forge', url: 'http://127.0.0.1:7860', writesSinks: false },
          credential: { id: 'forge', scheme: 'basic', username: 'admin', password, sinks: [] },
        },
      ],
    },
    'ann',
  )

  expect(made).toMatchObject([{ id: 'forge', credentialId: 'forge', runtime: 'compose' }])
  const credential = await credentials.get('forge')
  expect(credential).toMatchObject({
    unusable: { field: 'password', reason: { problem: 'credential.separator' } },
    sinks: [],
  })
  expect(JSON.stringify(credential)).not.toContain(password)
  expect(await credentials.reveal('forge', 'ann')).toMatchObject({ username: 'admin', password })
  await credentials.close()
})
