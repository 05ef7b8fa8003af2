import type { Page, Route } from 'playwright'
import sharp from 'sharp'
import type { Update, UpdateCheck, UpdateOffer, UpdateStep } from '../../shared/contract'

/** The service of which the scripts tell; the demo's own, told as a container. */
export const scriptedService = 'comfyui-demo'

const minute = 60_000

const offered: UpdateOffer = {
  ...{ serviceId: scriptedService, state: 'available', stackId: 'comfyui-qwen', from: '0.4.0', to: '0.5.0' },
  parts: [
    { id: 'stack', name: 'comfyui-qwen', now: '0.4.0', new: '0.5.0' },
    { id: 'program', name: 'ComfyUI', now: '0.38.1', new: '0.40.0' },
    { id: 'python', name: 'Python', now: '3.12.11', new: '3.13.9' },
    { id: 'pytorch', name: 'PyTorch', now: '2.8.0', new: '2.10.0' },
    { id: 'cuda', name: 'CUDA', now: '12.8', new: '13.0' },
    { id: 'login', name: 'ComfyUI-Login', now: '6910925', new: '6910925' },
  ],
  files: [
    {
      ...{ path: 'compose.yaml', change: 'replaced', isChanged: true },
      diff: '@@ -12 +12 @@\n     environment:\n-      CLI_ARGS: --lowvram --listen\n+      CLI_ARGS: --listen\n       TZ: Europe/Paris',
    },
    { path: 'serve.py', change: 'added', isChanged: true, diff: null },
    {
      path: 'Dockerfile',
      change: 'replaced',
      isChanged: false,
      diff: '@@ -1 +1 @@\n-FROM python:3.12\n+FROM python:3.13',
    },
    { path: 'constraints.txt', change: 'added', isChanged: false, diff: null },
    { path: 'healthcheck.py', change: 'same', isChanged: false, diff: null },
  ],
  envKeys: ['TORCH_INDEX', 'MEMORY_LIMIT'],
  space: { neededGiB: 20, freeGiB: 214, fits: true, where: '/var/lib/docker' },
  expectedMs: 5 * minute + 22_000,
  gpu: { uuid: 'GPU-1', freeMiB: 6300, neededMiB: 21_000, holdsBoth: false },
  releaseNotes: 'https://github.com/comfyanonymous/ComfyUI/releases',
  reasons: [],
  lastUndo: { at: Date.now() - 18 * 24 * 60 * minute, tookMs: 38_000 },
}

const line = (text: string) => ({ line: 'scripted', params: {}, text })

const step = (
  id: UpdateStep['id'],
  state: UpdateStep['state'],
  tookMs: number | null,
  ...lines: string[]
): UpdateStep => ({
  ...{ id, state, startedAt: state === 'waiting' ? null : Date.now() - minute, tookMs, lines: lines.map(line) },
  ...{ doing: null, log: [] },
})

const check = (id: UpdateCheck['id'], state: UpdateCheck['state'], part: Partial<UpdateCheck> = {}): UpdateCheck => ({
  ...{ id, state, value: null, golden: null, limit: null },
  ...part,
})

const begun = (): UpdateStep[] => [
  step(
    'snapshot',
    'done',
    2100,
    'Files with their hashes: 18; image sha256:1c0f',
    'Vault version 7; secrets stay in the vault, models are mounted and not copied',
  ),
  step('build', 'done', 228_000, 'Image comfyui-qwen:0.5.0, 11.2 GiB'),
  step('start', 'done', 24_000, 'Answers at 127.0.0.1:18188 after 21.4 s: same GPU, same credential'),
]

const updateOf = (part: Partial<Update>): Update => ({
  ...{ id: '7c1e4b52-6c0d-4f0a-9d0e-2f5a1b3c4d5e', serviceId: scriptedService, stackId: 'comfyui-qwen' },
  ...{ from: '0.4.0', to: '0.5.0', state: 'running', startedBy: 'admin', startedAt: Date.now() - 285_000 },
  ...{ finishedAt: null, answering: 'old', besidePort: 18_188, steps: [], parts: offered.parts, checks: [] },
  pictures: { old: { version: '0.4.0', width: 512, height: 512, tookMs: 36_800 }, new: null },
  ...{ sampling: null, withoutAnswerMs: null, keptUntil: null, keptBytes: null, lastUndo: offered.lastUndo },
  ...part,
})

/** An update as the panel tells it, at each place of its way. */
export const scripted = {
  offer: (part: Partial<UpdateOffer> = {}): UpdateOffer => ({ ...offered, ...part }),
  running: (): Update =>
    updateOf({
      steps: [
        ...begun(),
        step('verify', 'running', null, 'Golden prompt, seed 42'),
        step('switch', 'waiting', null),
        step('keep', 'waiting', null),
      ],
      checks: [
        check('authenticated', 'passed'),
        check('cold-start', 'passed', { value: 21_400, golden: 22_000 }),
        check('nodes', 'passed', { value: 14, golden: 14 }),
        check('picture', 'running'),
        check('step-time', 'running', { value: 810, golden: 860 }),
        check('similarity', 'waiting', { limit: 0.92 }),
        check('time', 'waiting', { limit: 47_800 }),
      ],
      sampling: { of: 'new', step: 26, steps: 40 },
    }),
  switched: (): Update =>
    updateOf({
      ...{ state: 'switched', answering: 'new', finishedAt: Date.now(), startedAt: Date.now() - 322_000 },
      steps: [
        ...begun(),
        step('verify', 'done', 44_000, 'Test image in 32.9 s, same prompt and seed 42'),
        step('switch', 'done', 5800, 'Without an answer for 5.8 s'),
        step('keep', 'done', 400, 'The old image and the snapshot stay until 7 December at least'),
      ],
      checks: [
        check('authenticated', 'passed'),
        check('cold-start', 'passed', { value: 21_400, golden: 22_000 }),
        check('nodes', 'passed', { value: 14, golden: 14 }),
        check('picture', 'passed'),
        check('step-time', 'passed', { value: 770, golden: 860 }),
        check('similarity', 'passed', { value: 0.991, limit: 0.92 }),
        check('time', 'passed', { value: 32_900, golden: 36_800, limit: 47_800 }),
      ],
      pictures: {
        old: { version: '0.4.0', width: 512, height: 512, tookMs: 36_800 },
        new: { version: '0.5.0', width: 512, height: 512, tookMs: 32_900 },
      },
      ...{ withoutAnswerMs: 5800, keptUntil: Date.now() + 7 * 24 * 60 * minute, keptBytes: 11 * 2 ** 30 },
    }),
  differing: (): Update => ({
    ...scripted.switched(),
    checks: scripted
      .switched()
      .checks.map((one) => (one.id === 'similarity' ? { ...one, state: 'warning', value: 0.41 } : one)),
  }),
  rolledBack: (): Update =>
    updateOf({
      ...{ state: 'rolled-back', answering: 'old', finishedAt: Date.now(), failedStep: 'start' },
      pictures: { old: { version: '0.4.0', width: 512, height: 512, tookMs: 36_800 }, new: null },
      steps: [
        ...begun().slice(0, 2),
        {
          ...step('start', 'failed', 31_000),
          log: [
            'Traceback (most recent call last):',
            '  File "/app/main.py", line 12, in <module>',
            '    import torch',
            'ImportError: libcudart.so.13: cannot open shared object file: No such file or directory',
          ],
        },
        ...(['verify', 'switch', 'keep'] as const).map((id) => step(id, 'waiting', null)),
        step(
          'roll-back',
          'done',
          38_000,
          'The new version beside it was removed',
          'The old version was never replaced',
        ),
      ],
      checks: [check('authenticated', 'waiting'), check('picture', 'waiting')],
      reason: {
        ...{ problem: 'updates.import-failed', params: {} },
        message: 'The new version ended: it could not import torch.',
        hint: 'The log below tells more.',
      },
    }),
}

/** What the panel answers to the page's questions about updates, until it is changed. */
export interface Script {
  offer: UpdateOffer
  updates: Update[]
  /** What was asked for with each call that changes something. */
  asked: { call: string; input: unknown }[]
  /** What such a call leads to. */
  next: () => Update
}

/** A drawn test image; the new one is a little lighter. */
async function picture(of: string): Promise<Buffer> {
  const shine = of === 'new' ? 0.62 : 0.55
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"><rect width="512" height="330" fill="#1b2a45"/><rect y="250" width="512" height="90" fill="#caa06a" opacity="${shine}"/><rect y="330" width="512" height="182" fill="#12283a"/><path d="M250 330L262 120h36l12 210z" fill="#e9e2d4"/><path d="M254 262h54l3 34h-60z" fill="#b6483a"/><path d="M0 90L280 130L512 60v60L280 150L0 170z" fill="#fff3c4" opacity="${shine / 2}"/></svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

const answer = (route: Route, json: unknown) =>
  route.fulfill({ contentType: 'application/json', body: JSON.stringify({ json }) })

/**
 * Answers in the panel's place what a page over fetch (`?link=fetch`) asks of updates: a build takes minutes, and a card
 * is not there. Everything else is the panel's own answer, but that the service is told as a container.
 */
export async function scriptUpdates(page: Page, script: Script): Promise<void> {
  const asContainer = (text: string) =>
    text.replace(new RegExp(`("id":"${scriptedService}"[^]*?"runtime":)"simulator"`), '$1"compose"')
  await page.route(/\/rpc\/services\/(?:get|list)(?:\?|$)/, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: asContainer(await response.text()) })
  })
  await page.route(/\/rpc\/updates\/offer(?:\?|$)/, (route) => answer(route, script.offer))
  await page.route(/\/rpc\/updates\/list(?:\?|$)/, (route) => answer(route, script.updates))
  await page.route(/\/rpc\/updates\/(?:begin|rollBack|keep)(?:\?|$)/, async (route) => {
    const { json } = route.request().postDataJSON() as { json: unknown } // as the link sends it
    script.asked.push({ call: new URL(route.request().url()).pathname.split('/').at(-1) ?? '', input: json })
    const update = script.next()
    script.updates = [update]
    await answer(route, update)
  })
  await page.route(/\/api\/v1\/updates\/[^/]+\/pictures\//, async (route) =>
    route.fulfill({
      contentType: 'image/png',
      body: await picture(new URL(route.request().url()).pathname.split('/').at(-1) ?? ''),
    }),
  )
}
