import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leftOverOf, leftOversIn, mendingOf } from '../../../../electron/compose/program/left-over'
import { pickContainer } from '../../../../electron/compose/program/projects'
import { readContainers } from '../../../../electron/docker/containers'
import type { Container } from '../../../../electron/docker/engine'

const hex = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length }).map(toHex)

const toHex = (digits: readonly number[]) => digits.map((digit) => digit.toString(16)).join('')

function container(
  id: string,
  name: string,
  more: { labels?: Record<string, string>; state?: string } = {},
): Container {
  const [read] = readContainers([
    {
      Id: id,
      Names: [`/${name}`],
      State: more.state ?? 'created',
      Labels: { 'com.docker.compose.project': 'p', 'com.docker.compose.service': 'web', ...more.labels },
    },
  ])
  if (!read) throw new Error('the container of the test cannot be read')
  return read
}

describe('what an interrupted recreate leaves', () => {
  test('is known by what Compose says of it, in each generation', () => {
    fc.assert(
      fc.property(hex(64), hex(64), fc.constantFrom('comfyui-qwen', 'x', 'a_b-1'), (old, made, name) => {
        fc.pre(old.slice(0, 12) !== made.slice(0, 12))
        const replaces = (by: string) => ({ labels: { 'com.docker.compose.replace': by } })
        const temporary = `${old.slice(0, 12)}_${name}`
        // Compose up to 2.26 names the old one's id in its label, later ones its name; 1.29 renames the old one.
        for (const found of [
          leftOverOf(container(made, temporary, replaces(old)), []),
          leftOverOf(container(made, temporary, replaces(name)), []),
          leftOverOf(container(made, temporary), [container(old, name)]),
        ])
          expect(found).toMatchObject({ name, kind: 'unfinished' })
        expect(leftOverOf(container(old, temporary), [])).toMatchObject({ name, kind: 'set-aside' })
        expect(leftOverOf(container(made, `${old.slice(0, 12)}_p-web-1`), [])).toMatchObject({ name: 'p-web-1' })
        expect(leftOverOf(container(made, `${old.slice(0, 12)}_p_web_1`), [])).toMatchObject({ name: 'p_web_1' })
      }),
    )
  })

  test('a name that only looks so is somebody’s choice', () => {
    fc.assert(
      fc.property(hex(64), hex(12), (id, digits) => {
        fc.pre(!id.startsWith(digits))
        const chosen = `${digits}_comfyui`
        expect(leftOverOf(container(id, chosen), [])).toBeNull()
        // It was recreated once: what it replaced had the same name.
        expect(leftOverOf(container(id, chosen, { labels: { 'com.docker.compose.replace': chosen } }), [])).toBeNull()
        // Not of a project at all, or made by `compose run`.
        expect(leftOverOf({ ...container(id, `${digits}_p-web-1`), compose: null }, [])).toBeNull()
        const oneOff = { labels: { 'com.docker.compose.oneoff': 'True' } }
        expect(leftOverOf(container(id, `${digits}_p-web-1`, oneOff), [])).toBeNull()
      }),
    )
  })

  test('never stands for the service beside a container with its own name, unless it alone runs', () => {
    const old = container('a'.repeat(64), 'web')
    const left = container('b'.repeat(64), `${'a'.repeat(12)}_web`)
    expect(pickContainer([left, old])?.name).toBe('web')
    expect(pickContainer([{ ...left, state: 'running' }, old])?.id).toBe(left.id)
    expect(leftOversIn([left, old])).toHaveLength(1)
  })

  test('nothing that ran is removed without being asked, and nothing that runs at all', () => {
    const states = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const
    const about = fc.record({
      holder: fc.constantFrom('nobody', 'own', 'another'),
      wasStarted: fc.boolean(),
      isRecreate: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.constantFrom(...states), about, (state, given) => {
        const left = {
          container: { ...container('b'.repeat(64), 'x'), state },
          name: 'web',
          kind: 'unfinished' as const,
        }
        const mending = mendingOf(left, given)
        if (given.holder === 'nobody') expect(mending).toBe('rename')
        if (mending !== 'remove') return
        expect(given.holder).toBe('own')
        expect(['created', 'exited', 'dead']).toContain(state)
        expect(!given.wasStarted || given.isRecreate).toBe(true)
      }),
    )
  })
})
