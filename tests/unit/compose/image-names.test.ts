import { expect, test } from 'vitest'
import type { ComposeProject } from '../../../shared/contract'
import { reason, Problem } from '../../../shared/problems'
import { namedImages } from '../../../electron/compose/program/image-names'
import type { Compose } from '../../../electron/compose/program/compose'

const project = (name: string, more: Partial<ComposeProject> = {}): ComposeProject => ({
  ...{ name, workingDir: `/srv/${name}`, files: [`/srv/${name}/compose.yaml`], overrides: [], envFile: null },
  ...{ profiles: [], activeProfiles: [], services: [] },
  ...more,
})
const service = (image: string | null) => ({ image })

/** Compose as far as it is asked, over projects that are given by their first file. */
function composeOf(files: Record<string, { profiles?: string[]; services: Record<string, unknown> } | Problem>) {
  const asked: unknown[] = []
  const found = (file: string) => {
    const one = files[file]
    if (one === undefined || one instanceof Problem) throw one ?? new Problem('lint.file-missing', { path: file })
    return one
  }
  const compose = {
    projects: () => [
      project('known'),
      project('elsewhere', { reason: reason('compose.files-elsewhere', { file: 'C:\\a.yaml' }) }),
    ],
    readProject: ({ file }: { file: string }) =>
      Promise.resolve().then(() => project('known', { profiles: found(file).profiles ?? [] })),
    config: (spec: { file: string }) => {
      asked.push(spec)
      return Promise.resolve().then(() => ({ name: 'known', services: found(spec.file).services }))
    },
  }
  // As much of Compose as is asked.
  return { asked, compose: compose as unknown as Compose }
}

test('images are named by every profile, and by the names that a build gives by itself', async () => {
  const { compose, asked } = composeOf({
    '/srv/known/compose.yaml': { profiles: ['gpu'], services: { web: service('web:1'), made: service(null) } },
  })
  const { named, unread } = await namedImages(compose, [])
  expect(named).toEqual(expect.arrayContaining(['web:1', 'known-made', 'known_made']))
  expect(asked).toMatchObject([{ profiles: ['gpu'] }])
  expect(unread).toEqual(['elsewhere'])
})

test('a project that cannot be read is told, and keeps no other from being read', async () => {
  const { compose } = composeOf({
    '/srv/known/compose.yaml': new Problem('compose.unreadable', { detail: '' }),
    '/srv/own/compose.yaml': { services: { own: service('own:1') } },
  })
  const { named, unread } = await namedImages(compose, [{ file: '/srv/own/compose.yaml', service: 'own' }])
  expect(named).toContain('own:1')
  expect(unread).toEqual(['elsewhere', 'known'])
})
