import { describe, expect, it } from 'vitest'
import { kindOf } from '../../../../electron/kinds'
import type { Route } from '../../../../electron/kinds/gateway'
import type { ServiceKind } from '../../../../shared/contract'

const ruleOf = (kind: ServiceKind, asked: string): Route['rule'] => {
  const [method = '', path = ''] = asked.split(' ')
  return kindOf(kind).gateway.route({ method, path, query: new URLSearchParams(), headers: {}, isUpgrade: false }).rule
}

const lists: Record<'comfyui' | 'forge', Record<Route['rule'], string[]>> = {
  comfyui: {
    everybody: [
      'GET /guest_mode',
      'GET /',
      'GET /object_info',
      'GET /api/object_info/KSampler',
      'GET /models/checkpoints',
      'GET /prompt',
      'GET /api/features',
      'HEAD /embeddings',
      'GET /assets/index-Dx1.js',
      'GET /extensions/core/groupNode.js',
      'GET /extensions',
      'GET /favicon.ico',
      'GET /user.css',
      'GET /userdata/workflows%2Fa%20b%23c.json',
      'POST /api/userdata/workflows%2Fa.json',
      'GET /api/settings',
      'OPTIONS /free',
      'GET /experiment/models/preview/checkpoints/0/a.png',
    ],
    job: ['POST /prompt', 'POST /api/prompt'],
    own: [
      'GET /ws',
      'GET /api/ws',
      'GET /queue',
      'POST /queue',
      'GET /history',
      'POST /history',
      'GET /history/some',
      'GET /api/jobs',
      'GET /api/api/jobs',
      'GET /api/jobs/1',
      'POST /api/jobs/cancel',
      'POST /api/jobs/1/cancel',
      'POST /interrupt',
      'GET /view',
      'HEAD /api/view',
      'POST /upload/image',
      'POST /upload/mask',
      'GET /system_stats',
      'GET /internal/files/output',
      'GET /HISTORY/some',
      'GET /%68istory/some',
    ],
    admin: [
      'POST /free',
      'POST /api/free',
      'GET /free',
      'DELETE /queue',
      'GET /internal/logs',
      'GET /internal/logs/raw',
      'PATCH /internal/logs/subscribe',
      'GET /internal/folder_paths',
      'GET /api/assets',
      'DELETE /api/assets/0a6a3b4e-0000-4000-8000-000000000000',
      'GET /manager/reboot',
      'POST /v2/manager/queue/start',
      'POST /v2/snapshot/restore',
      'GET /api/v2/customnode/getlist',
      'POST /customnode/install/git_url',
      'POST /users',
      'GET /login',
      'POST /login',
      'GET /queue/',
      'POST /prompt/',
      'GET /history/a/b',
      'GET //queue',
      'GET /./queue',
      'GET /x/../queue',
      'GET /x/%2e%2e/queue',
      'GET /queue%00',
      'GET /queue#x',
      'GET /%2571ueue',
      'GET /userdata/..%2F..%2Ffree',
      'GET /userdata/..%5Cfree',
      'TRACE /',
      'FOO /mine',
      'POST /assets/x.js',
    ],
    unknown: ['GET /mine/api', 'POST /api/mine', 'GET /api', 'POST /extra.js', 'GET /mine/x.css'],
  },
  forge: {
    everybody: [
      'GET /',
      'GET /config',
      'GET /sdapi/v1/samplers',
      'HEAD /sdapi/v1/sd-models',
      'POST /sdapi/v1/png-info',
      'GET /internal/ping',
      'GET /theme.css',
      'GET /assets/index.js',
      'GET /sd_extra_networks/thumb',
      'GET /queue/status',
    ],
    job: [
      'POST /sdapi/v1/txt2img',
      'POST /sdapi/v1/img2img',
      'POST /sdapi/v1/extra-single-image',
      'POST /controlnet/detect',
    ],
    own: [
      'GET /sdapi/v1/progress',
      'POST /internal/progress',
      'GET /internal/pending-tasks',
      'POST /sdapi/v1/interrupt',
      'POST /sdapi/v1/skip',
      'GET /sdapi/v1/options',
      'POST /queue/join',
      'POST /run/predict',
      'POST /api/predict',
      'POST /cancel',
      'GET /queue/data',
      'GET /file=outputs/a.png',
      'GET /file=/app/outputs/a.png',
      'GET /file/a.png',
      'POST /upload',
    ],
    admin: [
      'POST /sdapi/v1/options',
      'POST /sdapi/v1/Options',
      'POST /sdapi/v1/options/',
      'POST /component_server',
      'POST /call/predict',
      'GET /call/predict/abc',
      'POST /run/predict/',
      'POST /queue/join/',
      'GET /stream/abc/1/2',
      'GET /sdapi/v1/cmd-flags',
      'POST /sdapi/v1/server-kill',
      'POST /sdapi/v1/server-restart',
      'POST /sdapi/v1/server-stop',
      'POST /sdapi/v1/unload-checkpoint',
      'POST /sdapi/v1/reload-checkpoint',
      'GET /internal/sysinfo',
      'GET /internal/sysinfo-download',
      'GET /internal/profile-startup',
      'POST /login',
      'GET /logout',
      'GET /monitoring',
      'GET /sdapi//v1/cmd-flags',
      'GET /sdapi/v1/%2563md-flags',
      'GET /sdapi%2fv1%2fcmd-flags',
      'GET /static/..%2fsdapi/v1/cmd-flags',
      'GET /sdapi/v1/txt2img',
    ],
    unknown: ['GET /sdapi/v1/other', 'POST /mine', 'GET /sdapi'],
  },
}

describe.each(['comfyui', 'forge', 'forge-neo'] as const)('the list of %s', (kind) => {
  const list = lists[kind === 'comfyui' ? 'comfyui' : 'forge']
  it.each(Object.entries(list).flatMap(([rule, asked]) => asked.map((one) => [one, rule] as const)))(
    '%s: %s',
    (asked, rule) => expect(ruleOf(kind, asked)).toBe(rule),
  )
})

/** How much of a question goes through unread: the more, the more is allowed, whatever the switch says. */
const freedom: Record<Route['rule'], number> = { admin: 0, job: 1, own: 1, unknown: 2, everybody: 3 }

const encode = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`
/** Ways to spell a path that some server somewhere may take for the plain one. */
function* spellings(path: string, starts: readonly string[]): Generator<string> {
  for (let at = 1; at < path.length; at += 1) {
    const [before, letter, after] = [path.slice(0, at), path[at] ?? '', path.slice(at + 1)]
    yield before + encode(letter) + after
    yield before + encode(letter).toUpperCase().replace('%', '%25') + after
    yield before + letter.toUpperCase() + after
    if (letter !== '/') continue
    for (const slash of ['//', '/./', '/x/../', '/%2e/', '\\', '%5c', '%2F', '%252f', '/%2e%2e/..//'])
      yield before + slash + after
  }
  for (const end of [
    '/',
    '//',
    '/.',
    '%00',
    '%20',
    '.',
    '#x',
    '%23x',
    ';x',
    '%3b',
    '?x',
    '%3fx',
    '/..',
    '\t',
    '%0a',
    '%5c',
  ])
    yield path + end
  for (const start of [...starts, '//', '/.', '/..', '/x/..', 'http://other', '\\']) yield start + path
  if (!path.startsWith('//')) yield path.slice(1)
  yield path.toUpperCase()
  yield encodeURIComponent(path)
}

describe.each(['comfyui', 'forge'] as const)('other spellings on %s', (kind) => {
  const asked = [...lists[kind].admin, ...lists[kind].own, ...lists[kind].job]

  it('none of them is more allowed than the plain one', () => {
    const free: string[] = []
    let count = 0
    for (const one of asked) {
      const [method = '', path = ''] = one.split(' ')
      for (const spelling of spellings(path, kind === 'comfyui' ? ['/api', '/api/api', '/API', '/%61pi'] : [])) {
        count += 1
        if (freedom[ruleOf(kind, `${method} ${spelling}`)] <= freedom[ruleOf(kind, one)]) continue
        free.push(`${method} ${spelling} is ${ruleOf(kind, `${method} ${spelling}`)}, ${one} is ${ruleOf(kind, one)}`)
      }
    }
    expect(count).toBeGreaterThan(1_000)
    expect(free).toEqual([])
  })
})
