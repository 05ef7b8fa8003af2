import { fill } from '../../shared/fill'
import type { ProblemParams } from '../../shared/problems'

/** Every line of evidence that an update can show, in English; the renderer has other languages by these ids. */
export const updateLines = {
  'snapshot.files': 'Files with their hashes: {{count}}; image {{image}}',
  'snapshot.nodes': 'Classes of custom nodes: {{count}}',
  'snapshot.no-nodes': 'This program tells no list of nodes',
  'snapshot.vault': 'Vault version {{version}}; secrets stay in the vault, models are mounted and not copied',
  'snapshot.picture':
    'Test image of version {{version}} in {{seconds}} s: {{width}} × {{height}} pixels, seed {{seed}}',
  'snapshot.picture-cached': 'Test image of version {{version}} from its cache: its time says nothing',
  'snapshot.smoke': 'No model is there: the test image is a plain colour and shows no more than that a job runs',
  'snapshot.no-picture': 'No test image: {{cause}}',
  'build.image': 'Image {{image}}, {{gib}} GiB',
  'start.freed': 'Models unloaded from the old version, to make room on the card',
  'start.stopped-old': 'The old version stands still while the new one is tried, as the order allows',
  'start.port': 'Answers at 127.0.0.1:{{port}} after {{seconds}} s: same GPU, same credential',
  'start.mounts':
    'Mounted read-only: {{readOnly}}; as copies: {{copies}}; outputs and cache go to a folder that is thrown away',
  'verify.authenticated': 'Endpoints verified: {{count}}; no and a wrong secret refused, the vault’s accepted',
  'verify.nodes': 'Custom nodes: all {{count}} classes are there again; new ones: {{added}}',
  'verify.picture': 'Test image in {{seconds}} s, same prompt and seed {{seed}}',
  'verify.similarity': 'Similarity to the image of the old version: {{value}}',
  'switch.idle': 'Waited until nothing ran on the old version',
  'switch.files': 'Files replaced: {{count}}; settings added: {{settings}}',
  'switch.down': 'Without an answer for {{seconds}} s',
  'switch.authenticated': 'Endpoints verified on port {{port}}: {{count}}',
  'keep.until': 'The old image and the snapshot stay until {{date}} at least',
  'keep.for-good': 'The old image and the snapshot were removed: this version is kept for good',
  'roll-back.beside': 'The new version beside it was removed',
  'roll-back.files': 'Files put back: {{count}}',
  'roll-back.untouched': 'The old version was never replaced',
  'roll-back.recreated': 'The old version was recreated from its image {{image}}',
  'roll-back.started': 'The old version was started again',
  'roll-back.left': 'The old version had been stopped by somebody, and was left so',
  'roll-back.proven': 'The old version answers after {{seconds}} s; endpoints verified: {{count}}',
  'roll-back.waiting': 'Docker cannot be reached now; this continues as soon as it can',
} as const

export type UpdateLine = keyof typeof updateLines

const tenths = (value: number): number => Math.round(value * 10) / 10

/** A duration as lines show it: seconds with one decimal, of ms. */
export const secondsOf = (ms: number): number => tenths(ms / 1000)

/** A size as lines show it: GiB with one decimal, of bytes. */
export const gibOf = (bytes: number): number => tenths(bytes / 2 ** 30)

/** The English text of a line with its values filled in. */
export const describeLine = (line: UpdateLine, params: ProblemParams): string => fill(updateLines[line], params)
