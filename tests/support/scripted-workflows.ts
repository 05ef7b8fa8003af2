import type {
  RefusedNode,
  WorkflowDetail,
  WorkflowInput,
  WorkflowNeeds,
  WorkflowNode,
  WorkflowReport,
} from '../../shared/contract'

const day = 24 * 3_600_000
export const scriptedId = '3f0f8a52-0c0d-4f0a-9d0e-2f5a1b3c4d5e'

type Role = WorkflowInput['role']

const input = (
  [node, name, nodeTitle]: [node: string, name: string, nodeTitle: string],
  part: Partial<WorkflowInput> & Pick<WorkflowInput, 'type' | 'value'>,
  role: Role = null,
): WorkflowInput => ({
  ...{ id: `${node}.${name}`, node, input: name, nodeTitle, label: name, role, multiline: false },
  ...{ min: null, max: null, step: null, choices: [] },
  ...part,
})

const detailer = Array.from({ length: 24 }, (_, n) =>
  input(['31', `detail_${n}`, 'FaceDetailer'], {
    type: n % 3 === 0 ? 'boolean' : 'number',
    value: n % 3 === 0 ? true : n / 10,
  }),
)

const form: WorkflowInput[] = [
  input(['4', 'image', 'LoadImage'], { type: 'image', value: 'lighthouse-at-dusk.png' }, 'image'),
  input(
    ['6', 'text', 'Prompt'],
    { type: 'text', value: 'Warm key light from the left, cool rim light, film grain, calm sea', multiline: true },
    'prompt',
  ),
  input(['7', 'text', 'Negative'], { type: 'text', value: 'harsh shadows, text' }, 'negativePrompt'),
  input(['3', 'seed', 'KSampler'], { type: 'integer', value: 84_120_933, min: 0, max: 2 ** 64 }, 'seed'),
  input(['3', 'steps', 'KSampler'], { type: 'integer', value: 24, min: 1, max: 10_000, step: 1 }, 'steps'),
  input(['3', 'cfg', 'KSampler'], { type: 'number', value: 1, min: 0, max: 100, step: 0.1 }, 'cfg'),
  input(
    ['3', 'sampler_name', 'KSampler'],
    { type: 'choice', value: 'res_multistep', choices: ['euler', 'dpmpp_2m', 'res_multistep'] },
    'sampler',
  ),
  input(
    ['12', 'lora_name', 'LoraLoader'],
    { type: 'choice', value: 'light.safetensors', choices: ['grain.safetensors'] },
    'lora',
  ),
  input(['12', 'strength_model', 'LoraLoader'], { type: 'number', value: 0.8, min: -10, max: 10, step: 0.05 }),
  input(['14', 'shift', 'ModelSamplingAuraFlow'], { type: 'number', value: 3.1 }),
  input(['22', 'width', 'ImageScale'], { type: 'integer', value: 1328 }, 'width'),
  input(['22', 'height', 'ImageScale'], { type: 'integer', value: 1328 }, 'height'),
  ...detailer,
  input(
    [
      '38',
      'a_very_long_name_of_an_input_that_somebody_wrote',
      'An upscaler with a very long title that nobody can read in one line',
    ],
    {
      type: 'text',
      value: 'x'.repeat(200),
    },
  ),
]

type Placed = [id: string, title: string, x: number, y: number, from?: string[], state?: WorkflowNode['state']]

const node = ([id, title, x, y, from = [], state = 'runs']: Placed): WorkflowNode => ({
  ...{ id, title, type: title, at: { x: x * 360, y: y * 240 }, state, from },
})

const graph = (
  [
    ['1', 'UNETLoader', 0, 0],
    ['2', 'CLIPLoader', 0, 1],
    ['15', 'VAELoader', 0, 3],
    ['4', 'LoadImage', 0, 2],
    ['12', 'LoraLoader', 1, 0, ['1']],
    ['6', 'Prompt', 1, 0.8, ['2']],
    ['7', 'Negative', 1, 1.6, ['2']],
    ['22', 'ImageScale', 1, 2.4, ['4']],
    ['14', 'ModelSamplingAuraFlow', 2, 0, ['12']],
    ['10', 'VAEEncode', 2, 2.7, ['22', '15']],
    ['3', 'KSampler', 3, 1, ['14', '6', '7', '10']],
    ['8', 'VAEDecode', 4, 1, ['3', '15']],
    ['31', 'FaceDetailer', 4, 3.6, ['8', '34']],
    ['34', 'UltralyticsDetectorProvider', 3, 3.6],
    ['37', 'UpscaleModelLoader', 3, 5],
    ['38', 'ImageUpscaleWithModel', 4, 5, ['31', '37']],
    ['9', 'SaveImage', 5, 5, ['38']],
    ['18', 'PreviewImage', 5, 1, ['8'], 'bypassed'],
    ['40', 'KSampler (second pass)', 5, 2, ['8'], 'muted'],
    ...Array.from({ length: 12 }, (_, n): Placed => [
      `${50 + n}`,
      `Helper ${n + 1}`,
      6 + (n % 3),
      Math.floor(n / 3),
      ['8'],
    ]),
  ] satisfies Placed[]
).map(node)

/** A workflow as its page shows it; `many`: with a graph of so many more nodes. */
export const scriptedDetail = (part: Partial<WorkflowDetail> = {}): WorkflowDetail => ({
  ...{
    id: scriptedId,
    name: 'Portrait relight and upscale',
    format: 'editor',
    nodes: graph.length,
    inputs: form.length,
  },
  versions: [
    { version: 3, at: Date.now() - 4 * day, by: 'admin', change: 'pins', fileName: null, nodes: graph.length },
    {
      version: 2,
      at: Date.now() - 6 * day,
      by: 'admin',
      change: 'imported',
      fileName: 'portrait-relight.json',
      nodes: graph.length,
    },
    {
      version: 1,
      at: Date.now() - 18 * day,
      by: 'admin',
      change: 'imported',
      fileName: 'portrait-relight.json',
      nodes: 26,
    },
  ],
  ...{ version: 3, form, graph, skipped: [], notes: ['Detector below 0.4 finds faces in the waves.'] },
  pinned: ['4.image', '6.text', '7.text', '3.seed', '3.steps'],
  ...part,
})

const file = (
  name: string,
  folder: string,
  has: Record<string, boolean | null>,
  nodes: string[],
  bytes: number | null = null,
) => ({
  ...{ need: { type: 'file', name, folder, role: 'other' } as const, nodes, bytes, url: null, present: has },
})
const nodeClass = (name: string, has: Record<string, boolean | null>, nodes: string[]) => ({
  ...{ need: { type: 'node', name } as const, nodes, bytes: null, url: null, present: has },
})

/** What it needs; `has` says of each service what is there: everything, or all but three. */
export function scriptedNeeds(services: Record<string, 'complete' | 'lacking' | 'silent'>): WorkflowNeeds {
  const of = (isCommon: boolean) =>
    Object.fromEntries(
      Object.entries(services).map(([id, how]) => [id, how === 'silent' ? null : isCommon || how === 'complete']),
    )
  const rows: WorkflowNeeds['rows'] = [
    nodeClass('UltralyticsDetectorProvider', of(false), ['34']),
    {
      ...file('4x-UltraSharp.pth', 'models/upscale_models', of(false), ['37'], 67_000_000),
      url: 'https://example.org/4x.pth',
    },
    file('face_yolov8m.pt', 'models/ultralytics/bbox', of(false), ['34'], 52_000_000),
    ...['UNETLoader', 'CLIPLoader', 'KSampler', 'VAEDecode'].map((name) => nodeClass(name, of(true), ['3'])),
    ...['z_image_turbo_bf16.safetensors', 'qwen_3_4b.safetensors', 'ae.safetensors'].map((name) =>
      file(name, 'models/diffusion_models', of(true), ['1']),
    ),
  ]
  return {
    rows,
    services: Object.entries(services).map(([id, how]) => ({
      ...{ id, answered: how !== 'silent', reason: null, at: Date.now() - 60_000, choices: {} },
    })),
  }
}

const refusal = (of: string, title: string, message: string): RefusedNode => ({
  node: of,
  title,
  reason: {
    problem: 'workflows.scripted',
    params: {},
    message,
    hint: 'Export it with File › Export (API), and drop that file here.',
  },
})

const report = (fileName: string, part: Partial<WorkflowReport>): WorkflowReport => ({
  ...{
    fileName,
    bytes: 48_000,
    format: 'editor',
    formatVersion: '0.4',
    verdict: 'recognised',
    reason: null,
    refused: [],
  },
  ...{
    nodes: graph.length,
    subgraphs: 2,
    skipped: [],
    inputs: form,
    pinned: ['4.image', '6.text', '3.seed'],
    missing: [],
  },
  validated: { serviceId: 'comfyui-demo', accepted: true, tookMs: 41, reason: null },
  replaces: null,
  ...part,
})

/** Reports of files, by their names. */
export const scriptedReports: Record<string, WorkflowReport> = {
  'portrait-relight.json': report('portrait-relight.json', {
    replaces: { id: scriptedId, version: 3, same: false },
    skipped: [
      { node: '18', title: 'PreviewImage', why: 'bypassed' },
      { node: '40', title: 'KSampler', why: 'muted' },
    ],
  }),
  'lighthouse.png': report('lighthouse.png', {
    ...{ format: 'image', formatVersion: null, verdict: 'missing', nodes: 12, subgraphs: 0 },
    missing: [{ type: 'file', name: 'ae.safetensors', folder: 'models/vae', role: 'vae' }],
    validated: null,
  }),
  'dreamy-interiors-v9.json': report('dreamy-interiors-v9.json', {
    ...{ verdict: 'refused', nodes: 96, bytes: 212_000, inputs: [], pinned: [] },
    refused: [
      refusal('44', 'Anything Everywhere', 'Sends values without links; they exist only in the editor.'),
      refusal('71', 'Fast Groups Bypasser', 'Switches groups in the editor; the server has no such class.'),
    ],
  }),
  'known.json': report('known.json', { replaces: { id: scriptedId, version: 3, same: true } }),
}
