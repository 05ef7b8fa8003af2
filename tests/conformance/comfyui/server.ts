import { randomUUID } from 'node:crypto'
import type { Ask, Expected, Table } from '../row'
import { all, askIn, needs, type ComfyuiRow, type ComfyuiWorld } from './world'

const jsonType = 'application/json; charset=utf-8'
const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)
const isCount = (value: unknown) => Number.isInteger(value)

/** Nothing, and no word of what kind of nothing it is. */
const nothing = (status: number): Expected => ({ status, text: '', headers: { 'content-type': null } })
const ofStaticFiles: Expected = { status: 404, text: '', headers: { 'content-type': 'application/octet-stream' } }
const broken: Expected = { status: 500, text: '500 Internal Server Error\n\nServer got itself in trouble' }
const notAllowed = (allow: string): Expected => ({
  status: 405,
  text: '405: Method Not Allowed',
  headers: { 'content-type': 'text/plain; charset=utf-8', allow },
})
const json = (fragment: unknown): Expected => ({ status: 200, headers: { 'content-type': jsonType }, json: fragment })

type Line = [what: string, ask: Omit<Ask, 'credential'>, expect: Expected]

const rowsOf = (lines: readonly Line[]): ComfyuiRow[] =>
  lines.map(([what, question, expect]) => ({
    what,
    skip: all(needs.letIn, needs.noCors),
    ask: { ...question, credential: 'right' },
    expect,
  }))

const transport: readonly ComfyuiRow[] = [
  ...['/system_stats', '/queue', '/history', '/object_info/KSampler', '/models', '/features'].flatMap((path) =>
    rowsOf([
      [`${path} answers`, { path }, json({})],
      [`${path} answers with /api before it`, { path: `/api${path}` }, json({})],
    ]).map((row): ComfyuiRow => (path === '/models' && 'expect' in row ? { ...row, expect: json(isTexts) } : row)),
  ),
  ...rowsOf([
    ['the internal routes have no /api before them', { path: '/api/internal/logs' }, ofStaticFiles],
    ['an unknown path is a static file that is not there', { path: '/nope' }, ofStaticFiles],
    ['the jobs of later versions are not there', { path: '/api/jobs?limit=1' }, ofStaticFiles],
    ['GET of a route that only takes a POST', { path: '/interrupt' }, ofStaticFiles],
    ['POST of an unknown path', { method: 'POST', path: '/nope' }, notAllowed('GET,HEAD')],
    ['DELETE of an unknown path', { method: 'DELETE', path: '/nope' }, notAllowed('GET,HEAD')],
    ['POST of a route that only takes a GET', { method: 'POST', path: '/system_stats' }, notAllowed('GET,HEAD')],
    ['PUT of a route that takes both', { method: 'PUT', path: '/prompt' }, notAllowed('GET,HEAD,POST')],
    ['OPTIONS of anything', { method: 'OPTIONS', path: '/nope' }, nothing(200)],
    ['/ws without an upgrade', { path: '/ws' }, { status: 400, text: /^No WebSocket UPGRADE hdr: None/ }],
    ['a null origin', { path: '/system_stats', headers: { origin: 'null' } }, { status: 200 }],
    [
      'a JSON body with another content type',
      { path: '/queue', body: '{"delete":["nobody"]}', headers: { 'content-type': 'text/plain' } },
      nothing(200),
    ],
    ['POST /interrupt of nobody’s job', { path: '/interrupt', body: { prompt_id: 'nobody' } }, nothing(200)],
    ['POST /free of nothing', { path: '/free', body: {} }, nothing(200)],
    ['POST /history of nothing', { path: '/history', body: {} }, nothing(200)],
  ]),
  ...(['GET', 'OPTIONS'] as const).map((method): ComfyuiRow => ({
    what: `${method} with a foreign origin on a loopback host`,
    skip: all(needs.letIn, needs.noCors, ({ url }) =>
      /\/\/(127\.|localhost|\[::1\])/.test(url) ? null : 'only on a loopback address',
    ),
    ask: { method, path: '/system_stats', credential: 'right', headers: { origin: 'http://evil.example' } },
    expect: nothing(403),
  })),
  ...(
    [
      ['POST /queue without a body', '/queue', undefined],
      ['POST /free without a body', '/free', undefined],
      ['POST /history without a body', '/history', undefined],
      ['POST /interrupt of a list', '/interrupt', []],
    ] as const
  ).map(([what, path, body]): ComfyuiRow => ({
    what: `${what} breaks the route`,
    skip: needs.letIn,
    changes: true, // a traceback in the log
    ask: { method: 'POST', path, credential: 'right', ...(body === undefined ? {} : { body }) },
    expect: broken,
  })),
]

const facts = rowsOf([
  [
    '/system_stats has its shape',
    { path: '/system_stats' },
    json({
      system: {
        os: /^(posix|nt|linux|win32|darwin)$/,
        comfyui_version: isText,
        argv: isTexts,
        embedded_python: (v: unknown) => typeof v === 'boolean',
        ram_total: isCount,
      },
      devices: (list: unknown) =>
        Array.isArray(list) &&
        list.length > 0 &&
        list.every(
          (d: unknown) =>
            typeof d === 'object' &&
            d !== null &&
            ['name', 'type', 'index', 'vram_total', 'vram_free', 'torch_vram_total', 'torch_vram_free'].every(
              (key) => key in d,
            ),
        ),
    }),
  ],
  ['/prompt tells how many wait', { path: '/prompt' }, json({ exec_info: { queue_remaining: isCount } })],
  ['/queue has two lists', { path: '/queue' }, json({ queue_running: Array.isArray, queue_pending: Array.isArray })],
  ['/features', { path: '/features' }, json({ supports_preview_metadata: true, max_upload_size: isCount })],
  ['/users', { path: '/users' }, json({ storage: 'server', migrated: (v: unknown) => typeof v === 'boolean' })],
  ['/settings', { path: '/settings' }, json({})],
  ['/settings of one name that is not there', { path: '/settings/regie.none' }, { status: 200, text: 'null' }],
  ['/v2/userdata', { path: '/v2/userdata' }, json(Array.isArray)],
  ['/i18n', { path: '/i18n' }, json({})],
  ['/workflow_templates', { path: '/workflow_templates' }, json({})],
  ['/extensions', { path: '/extensions' }, json(isTexts)],
  ['/embeddings', { path: '/embeddings' }, json(isTexts)],
  ['/userdata without a folder', { path: '/userdata?dir=' }, { status: 400, text: 'Directory not provided' }],
  [
    '/userdata of a folder that is not there',
    { path: '/userdata?dir=regie-none' },
    { status: 404, text: 'Directory not found' },
  ],
  ['a file that leaves the user’s folder', { path: '/userdata/..%2f..%2fx' }, nothing(403)],
  ['a user’s file that is not there', { path: '/userdata/regie-none.json' }, nothing(404)],
  ['the log as one text', { path: '/internal/logs' }, json(isText)],
  [
    'the log in lines',
    { path: '/internal/logs/raw' },
    json({ entries: Array.isArray, size: { cols: isCount, rows: isCount } }),
  ],
  ['the folders', { path: '/internal/folder_paths' }, json({ checkpoints: isTexts })],
  ['the files of a folder', { path: '/internal/files/output' }, json(isTexts)],
  [
    'the files of a folder that is none',
    { path: '/internal/files/models' },
    { status: 400, json: { error: 'Invalid directory type' } },
  ],
  ['/history/{id} of nobody', { path: '/history/nobody' }, { status: 200, text: '{}' }],
  [
    'the models’ folders by name',
    { path: '/experiment/models' },
    json(
      (list: unknown) =>
        Array.isArray(list) &&
        list.every((one: unknown) => typeof one === 'object' && one !== null && 'name' in one && 'folders' in one),
    ),
  ],
  [
    'the checkpoints with their sizes',
    { path: '/experiment/models/checkpoints' },
    json(
      (list: unknown) =>
        Array.isArray(list) &&
        list.every(
          (one: unknown) =>
            typeof one === 'object' && one !== null && 'name' in one && 'size' in one && 'pathIndex' in one,
        ),
    ),
  ],
])

const models: readonly ComfyuiRow[] = [
  ...rowsOf([
    [
      'a class is described with its inputs in order',
      { path: '/object_info/EmptyImage' },
      json({
        EmptyImage: {
          input: {
            required: {
              width: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
              color: ['INT', { default: 0, min: 0, max: 16777215, step: 1, display: 'color' }],
            },
          },
          input_order: { required: ['width', 'height', 'batch_size', 'color'] },
          output: ['IMAGE'],
          output_is_list: [false],
          python_module: 'nodes',
          output_node: false,
        },
      }),
    ],
    ['an unknown class is an empty object', { path: '/object_info/Nope' }, { status: 200, text: '{}' }],
    ['the checkpoints', { path: '/models/checkpoints' }, json(isTexts)],
    ...['unet', 'clip', 'nope'].map((name): Line => [`/models/${name}`, { path: `/models/${name}` }, nothing(404)]),
    [
      'the metadata of a file that is not there',
      { path: '/view_metadata/checkpoints?filename=regie-none' },
      nothing(404),
    ],
  ]),
  ...[
    'UNETLoader',
    'CLIPLoader',
    'VAELoader',
    'ModelSamplingAuraFlow',
    'CFGNorm',
    'LoraLoaderModelOnly',
    'EmptySD3LatentImage',
    'EmptyLatentImage',
    'CLIPTextEncode',
    'ConditioningZeroOut',
    'TextEncodeQwenImageEdit',
    'TextEncodeQwenImageEditPlus',
    'KSampler',
    'VAEDecode',
    'VAEEncode',
    'LoadImage',
    'ImageScale',
    'CheckpointLoaderSimple',
    'EmptyImage',
    'SaveImage',
    'PreviewImage',
  ].map((name): ComfyuiRow => ({
    what: `the class ${name} is there`,
    skip: needs.letIn,
    ask: { path: `/object_info/${name}`, credential: 'right' },
    expect: { status: 200, json: { [name]: { name, input: {}, output: isTexts } } },
  })),
]

const view = rowsOf([
  ['a picture that is not there', { path: '/view?filename=regie-none.png' }, nothing(404)],
  ['a folder in the file name', { path: '/view?filename=regie-none/a.png' }, nothing(404)],
  ['no file name', { path: '/view' }, nothing(404)],
  ['two dots in the name', { path: '/view?filename=../secret.png' }, nothing(400)],
  ['an absolute name', { path: '/view?filename=/etc/passwd' }, nothing(400)],
  ['an unknown type', { path: '/view?filename=a.png&type=models' }, nothing(400)],
  ['a sub folder that escapes', { path: '/view?filename=PASSWORD&subfolder=../login' }, nothing(403)],
])

/** One pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

function picture(bytes: Uint8Array, fields: Record<string, string>, name: string): FormData {
  const form = new FormData()
  form.append('image', new Blob([new Uint8Array(bytes)]), name)
  for (const [key, value] of Object.entries(fields)) form.append(key, value)
  return form
}

const upload = (world: ComfyuiWorld, bytes: Uint8Array, fields: Record<string, string>, name = 'up.png') =>
  askIn(world, { method: 'POST', path: '/upload/image', body: picture(bytes, fields, name) })

const uploads: readonly ComfyuiRow[] = [
  {
    what: 'the same name with other content gets another name, and the returned name is the one',
    skip: needs.letIn,
    changes: true,
    async play(world, check) {
      const other = Buffer.concat([png, Buffer.from('more')])
      const where = { type: 'temp', subfolder: `regie-${randomUUID()}` }
      const is = (name: string): Expected => ({ status: 200, json: { name, subfolder: where.subfolder, type: 'temp' } })
      check.answer('new', await upload(world, png, where), is('up.png'))
      check.answer('the same again', await upload(world, png, where), is('up.png'))
      check.answer('another', await upload(world, other, where), is('up (1).png'))
      check.answer('overwriting', await upload(world, other, { ...where, overwrite: 'true' }), is('up.png'))
    },
  },
  {
    what: 'what was uploaded is answered whole, in ranges, and made anew as a preview',
    skip: needs.letIn,
    changes: true,
    async play(world, check) {
      const subfolder = `regie-${randomUUID()}`
      await upload(world, png, { type: 'temp', subfolder })
      const path = `/view?filename=up.png&type=temp&subfolder=${subfolder}`
      const whole = await askIn(world, { path })
      check.answer('whole', whole, {
        status: 200,
        headers: {
          'content-type': 'image/png',
          'content-disposition': 'filename="up.png"',
          etag: /./,
          'accept-ranges': 'bytes',
        },
      })
      check.same('its bytes', whole.bytes.equals(png), true)
      check.answer(
        'by annotation',
        await askIn(world, { path: `/view?filename=up.png%20[temp]&subfolder=${subfolder}&type=temp` }),
        { status: 200 },
      )
      check.answer('a range', await askIn(world, { path, headers: { range: 'bytes=1-3' } }), {
        status: 206,
        text: 'PNG',
      })
      const preview = await askIn(world, { path: `${path}&preview=jpeg;80` })
      check.answer('a preview', preview, { status: 200, headers: { etag: null, 'content-type': 'image/jpeg' } })
      check.same('a preview’s first bytes', preview.bytes.subarray(0, 2).toString('hex'), 'ffd8')
    },
  },
  {
    what: 'what cannot be kept is refused',
    skip: needs.letIn,
    changes: true, // tracebacks in the log
    async play(world, check) {
      check.answer('a sub folder that escapes', await upload(world, png, { subfolder: '../x' }), nothing(400))
      check.answer('a name that escapes', await upload(world, png, { type: 'temp' }, '../up.png'), nothing(400))
      check.answer('an unknown type', await upload(world, png, { type: 'bad' }), broken)
      const form = new FormData()
      form.append('type', 'input')
      check.answer(
        'no picture',
        await askIn(world, { method: 'POST', path: '/upload/image', body: form }),
        nothing(400),
      )
      check.answer('no form', await askIn(world, { path: '/upload/image', body: 'x' }), nothing(400))
    },
  },
]

const userData: readonly ComfyuiRow[] = [
  {
    what: 'a user’s file is written, read, moved and deleted',
    skip: needs.letIn,
    changes: true,
    async play(world, check) {
      const [a, b] = [`regie-${randomUUID()}.json`, `regie-${randomUUID()}.json`]
      const at = (path: string) => ({ path: `/userdata/${path}` })
      check.answer('writing', await askIn(world, { ...at(a), body: 'abc' }), { status: 200, text: `"${a}"` })
      check.answer('writing once more', await askIn(world, { ...at(`${a}?overwrite=false`), body: 'abc' }), {
        status: 409,
        text: 'File already exists',
      })
      check.answer('reading', await askIn(world, at(a)), {
        status: 200,
        text: 'abc',
        headers: { 'content-type': 'application/json' },
      })
      check.answer('moving', await askIn(world, { method: 'POST', ...at(`${a}/move/${b}`) }), {
        status: 200,
        text: `"${b}"`,
      })
      check.answer('reading the old one', await askIn(world, at(a)), nothing(404))
      check.answer('deleting', await askIn(world, { method: 'DELETE', ...at(b) }), nothing(204))
      check.answer('deleting once more', await askIn(world, { method: 'DELETE', ...at(b) }), nothing(404))
    },
  },
]

/** What a client that is let in asks beside jobs. */
export const serverTables: readonly Table<ComfyuiWorld>[] = [
  { title: 'ComfyUI: transport', rows: transport },
  { title: 'ComfyUI: facts', rows: facts },
  { title: 'ComfyUI: models', rows: models },
  { title: 'ComfyUI: pictures', rows: view },
  { title: 'ComfyUI: uploads', rows: uploads },
  { title: 'ComfyUI: user data', rows: userData },
]
