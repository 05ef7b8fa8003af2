import { describe, expect, test } from 'vitest'
import { addressesOf, issuesOf, rowsOf, toOrder } from '../../../renderer/features/services/add/project-form'
import type { ComposeProject, ServiceLikeness } from '../../../shared/contract'

const ports = [
  { hostIp: '0.0.0.0', hostPort: 2222, containerPort: 22 },
  { hostIp: '0.0.0.0', hostPort: 9000, containerPort: 9000 },
]
const projectOf = (likeness: ServiceLikeness): ComposeProject => ({
  ...{ name: 'site', workingDir: '/site', files: ['/site/compose.yaml'], envFile: null },
  ...{ overrides: [], profiles: [], activeProfiles: [] },
  services: [
    {
      ...{ name: 'web', image: null, container: null, ports, likeness, gpuUuid: null, serviceId: null },
      guess: likeness.state === 'sure' ? { kind: likeness.kind, url: likeness.url, why: likeness.why } : null,
    },
  ],
})
const rowOf = (likeness: ServiceLikeness) => rowsOf(projectOf(likeness), [])[0]

describe('adopting a service of a Compose project', () => {
  test('one that is sure is chosen and filled in', () => {
    const likeness = { state: 'sure', kind: 'forge', url: 'http://127.0.0.1:7860', why: 'image x/forge' } as const
    expect(rowOf(likeness)).toMatchObject({ isChosen: true, kind: 'forge', url: 'http://127.0.0.1:7860' })
  })

  test.each([
    ['neither', { state: 'neither' }, '', '', ['http://127.0.0.1:2222', 'http://127.0.0.1:9000']],
    ['a doubtful kind', unsure('forge', ['http://a:1'], ['weak']), '', 'http://a:1', ['http://a:1']],
    ['a doubtful address', unsure('forge', ['http://a:1'], ['port-unknown']), 'forge', '', ['http://a:1']],
    ['both', unsure(null, [], ['two-kinds', 'no-port']), '', '', []],
  ] as const)('with %s nothing doubtful is filled in, and it is not sent so', (_, likeness, kind, url, addresses) => {
    const wide: ServiceLikeness = structuredClone(likeness)
    const row = rowOf(wide)
    expect(row).toMatchObject({ isChosen: false, kind, url })
    const service = projectOf(wide).services[0]
    expect(service && addressesOf(service)).toEqual(addresses)
    if (!row) throw new Error('no row')
    const chosen = { ...row, isChosen: true }
    expect(issuesOf(chosen, [], [chosen])).toMatchObject({
      kind: kind === '' ? 'kind' : undefined,
      url: url === '' ? 'url' : undefined,
      isSound: false,
    })
    expect(toOrder(projectOf(wide), [chosen]).services).toHaveLength(kind === '' ? 0 : 1)
  })
})

describe('what an adopted service is called', () => {
  const sure = { state: 'sure', kind: 'forge', url: 'http://127.0.0.1:7860', why: 'image x/forge' } as const
  const called = (displayName: string, taken: string[] = []) => {
    const [found] = rowsOf(projectOf(sure), taken)
    if (!found) throw new Error('no row')
    const row = { ...found, displayName }
    return { issue: issuesOf(row, taken, [row]).id, order: toOrder(projectOf(sure), [row]).services[0] }
  }

  test('its name in the Compose file is offered, with a number where another has it', () => {
    expect(rowsOf(projectOf(sure), ['web'])[0]?.displayName).toBe('web-2')
    expect(called('web').order).toMatchObject({ id: 'web' })
    expect(called('web').order).not.toHaveProperty('name')
  })

  test('any other name is kept, and its id is made of it', () => {
    expect(called(' Forge (Émile) ')).toMatchObject({
      issue: undefined,
      order: { id: 'forge-emile', name: 'Forge (Émile)' },
    })
  })

  test('a name of which no id can be made, or whose id is taken, is refused', () => {
    expect(called('日本').issue).toBe('id')
    expect(called('Forge Émile', ['forge-emile']).issue).toBe('idTaken')
  })
})

function unsure(
  kind: 'comfyui' | 'forge' | null,
  urls: string[],
  doubts: Extract<ServiceLikeness, { state: 'unsure' }>['doubts'],
): ServiceLikeness {
  return { state: 'unsure', kind, urls, doubts, why: 'service web' }
}
