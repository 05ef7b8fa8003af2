import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { recognise } from '../../../electron/discovery/recognise'
import { homeOf } from '../../../electron/discovery/session-keys'

const key = `${'k'.repeat(43)}=`
const recogniseKey = (text: string) =>
  recognise({
    ...{ path: '/x/.secret-key.txt', shown: '.secret-key.txt', modifiedAt: 0 },
    ...{ bytes: Buffer.from(text), kind: 'session-key' },
  }).found

describe('the session key of ComfyUI-Login in a folder', () => {
  it.each([
    ['/c/login/PASSWORD', '/c'],
    ['/c/PASSWORD', '/c'],
    ['/c/custom_nodes/ComfyUI-Login/.secret-key.txt', '/c'],
    ['/c/custom_nodes/comfyui_login/.secret-key.txt', '/c'],
    ['/c/login/.secret-key.txt', '/c'],
    ['/c/elsewhere/ComfyUI-Login/.secret-key.txt', '/c/elsewhere/ComfyUI-Login'],
  ])('%s is of the ComfyUI in %s', (file, home) => {
    expect(homeOf(file, path.posix)).toBe(home)
    expect(homeOf(`D:${file.replaceAll('/', '\\')}`, path.win32)).toBe(`D:${home.replaceAll('/', '\\')}`)
  })

  it.each([
    [`${key},2026-11-29T10:01:07.654000`, key, []],
    [`${key},2026-11-29T10:01:07.654000\n`, null, ['sink.session-key-broken']],
    ['half a file', null, ['sink.session-key-broken']],
  ])('reads %j as the plugin does', (text, value, problems) => {
    const [found] = recogniseKey(text)
    expect(found).toMatchObject({ type: 'session-key', value, meaning: { field: 'sessionKey' } })
    expect(found?.reasons.map(({ problem }) => problem)).toEqual(problems)
  })
})
