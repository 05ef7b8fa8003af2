import { describe, expect, test } from 'vitest'
import {
  isMountedByItself,
  liesInMount,
  placeKey,
  placeOfSource,
  type BindMount,
} from '../../../electron/docker/mounts'
import { chooseEffect, mayRecreate, type SeenFile } from '../../../electron/services/applying'
import type { PendingChange } from '../../../shared/contract'
import { reason } from '../../../shared/problems'

const mount = (source: string): BindMount => ({ containerId: 'c', source, destination: '/x' })

describe('one place under its many names', () => {
  test.each<[path: string, key: string]>([
    ['D:\\Dev\\CoursIA\\.secrets\\token', 'd:/dev/coursia/.secrets/token'],
    ['d:/Dev/CoursIA/.secrets/token', 'd:/dev/coursia/.secrets/token'],
    ['/mnt/d/Dev/CoursIA/.secrets/token', 'd:/dev/coursia/.secrets/token'],
    ['/host_mnt/d/Dev/CoursIA/.secrets/token', 'd:/dev/coursia/.secrets/token'],
    ['/run/desktop/mnt/host/d/Dev/CoursIA/.secrets/token', 'd:/dev/coursia/.secrets/token'],
    ['\\\\wsl.localhost\\Ubuntu\\home\\me\\ComfyUI', '/home/me/ComfyUI'],
    ['\\\\wsl$\\Ubuntu\\home\\me\\ComfyUI\\', '/home/me/ComfyUI'],
    ['/home/me/ComfyUI/', '/home/me/ComfyUI'],
    ['/mnt/data/models', '/mnt/data/models'],
    ['D:\\', 'd:'],
    ['/', '/'],
  ])('%s is %s', (path, key) => {
    expect(placeKey(path)).toBe(key)
  })

  test('a file that is mounted by itself is told from one in a mounted folder, and from a neighbour', () => {
    const keys = [placeKey('D:\\stack\\login\\PASSWORD')]
    const itself = [mount('/run/desktop/mnt/host/d/stack/login/PASSWORD')]
    const folder = [mount('/run/desktop/mnt/host/d/stack')]
    expect([isMountedByItself(itself, keys), liesInMount(itself, keys)]).toEqual([true, true])
    expect([isMountedByItself(folder, keys), liesInMount(folder, keys)]).toEqual([false, true])
    expect(liesInMount([mount('D:\\stack\\log')], keys)).toBe(false)
    expect(liesInMount([mount('/')], ['/srv/.env'])).toBe(true)
  })
})

describe('restart or recreate', () => {
  const file = (requires: SeenFile['requires'], mounted: boolean, path = '/stack/.env'): SeenFile => ({
    path,
    requires,
    mounted,
  })
  const recreate: PendingChange = { action: 'recreate', reason: reason('compose.plan-recreate') }
  const restart: PendingChange = { action: 'restart', reason: reason('compose.plan-recreate') }

  test.each<
    [what: string, files: SeenFile[], before: PendingChange | null, after: PendingChange | null, effect: string]
  >([
    ['a mounted file', [file('restart', true)], null, restart, 'restart mounted'],
    ['a file that only the environment can bring', [file('restart', false)], null, recreate, 'recreate environment'],
    ['a mounted .env that is the environment too', [file('restart', true)], null, recreate, 'recreate environment'],
    ['a mounted file, with a change of others waiting', [file('restart', true)], recreate, recreate, 'restart mounted'],
    [
      'an environment, with a change of others waiting',
      [file('restart', false)],
      recreate,
      recreate,
      'recreate environment',
    ],
    ['a file that nothing in Compose reads', [file('restart', false)], null, null, 'restart start'],
    ['what its owner named', [file('recreate', true)], null, null, 'recreate named'],
    [
      'a mounted file beside one that needs nothing',
      [file('nothing', false), file('restart', true)],
      null,
      null,
      'restart mounted',
    ],
  ])('%s', (_, files, before, after, effect) => {
    const found = chooseEffect(files, { before, after })
    expect(`${found.action} ${found.why}`).toBe(effect)
  })

  test('only a mounted file is sure to need no new container', () => {
    expect(mayRecreate([file('restart', true), file('nothing', false)])).toBe(false)
    expect(mayRecreate([file('restart', false)])).toBe(true)
    expect(mayRecreate([file('recreate', true)])).toBe(true)
  })
})

describe('where a mount’s source lies on this machine', () => {
  test.each<[string, NodeJS.Platform, boolean, string | null]>([
    ['/srv/comfy/data', 'linux', false, '/srv/comfy/data'],
    ['/run/desktop/mnt/host/wsl/docker-desktop-bind-mounts/Ubuntu/1a2b', 'linux', true, null],
    ['/run/desktop/mnt/host/d/comfy', 'win32', true, 'd:\\comfy'],
    ['D:\\Comfy\\data', 'win32', true, 'd:\\comfy\\data'],
    ['/var/run/docker.sock', 'win32', true, null],
    ['/host_mnt/Users/me/comfy', 'darwin', true, '/Users/me/comfy'],
    ['/Users/me/comfy', 'darwin', true, '/Users/me/comfy'],
    ['/var/run/docker.sock', 'darwin', true, null],
  ])('%s on %s', (source, platform, isDesktop, place) => {
    expect(placeOfSource(source, platform, isDesktop)).toBe(place)
  })
})
