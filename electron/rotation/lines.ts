import { fill } from '../../shared/fill'
import type { ProblemParams } from '../../shared/problems'

/** Every line of evidence that a rotation can show, in English; the renderer has other languages by these ids. */
export const rotationLines = {
  'prepare.generated': 'New secret {{fingerprint}} generated; the old one stays in the vault until commit',
  'prepare.given': 'New secret {{fingerprint}} taken as given; the old one stays in the vault until commit',
  'prepare.hashed': 'bcrypt hash computed at cost {{cost}}',
  'prepare.services': 'Running services checked: {{count}}; each can be made to read the new secret',
  'prepare.sessions': 'Browser sessions opened with the old secret, to be seen dead in the proof: {{count}}',
  'write.checked': 'Sinks checked: {{count}}; all can be written',
  'write.none': 'This credential has no sinks',
  'write.sink': '{{path}}',
  'write.env': '{{path}} ({{key}})',
  'apply.restarting': '{{service}} restarts, so that it reads the new secret',
  'apply.restarting-mounted': '{{service}} restarts: {{path}} is mounted into its container and read at its start',
  'apply.recreating-environment':
    '{{service}} is recreated: {{path}} changes its environment, which a restart would leave as it was',
  'apply.recreating-named': '{{service}} is recreated, as is asked for {{path}}',
  'apply.recreated': '{{service}} was recreated and listens after {{ms}} ms',
  'apply.restarted': '{{service}} listens again after {{ms}} ms',
  'apply.stopped':
    '{{service}} is stopped: from files it reads the new secret at its next start; where it comes by the environment, recreate it first, for a start keeps the old one',
  'apply.external': '{{service}} is run by somebody else and cannot be restarted from here',
  'apply.nothing': 'No service needs a restart',
  'prove.proven': 'Surfaces proven: {{count}}; none, made-up and old refused, new let in',
  'prove.sessions-ended': '{{service}}: the browser session from before is refused; earlier sessions have ended',
  'prove.sessions-end':
    '{{service}}: earlier browser sessions have ended with the restart; none could be opened before to show it',
  'prove.sessions-next-start': '{{service}}: earlier browser sessions end when it starts again',
  'prove.sessions-stay':
    '{{service}}: earlier browser sessions stay valid, because .secret-key.txt is no sink of this credential',
  'prove.sessions-unknown': '{{service}}: it is not known whether earlier browser sessions have ended',
  'prove.nobody': 'No service uses this credential, so nothing could be asked',
  'prove.idle': 'No service that uses this credential answers, so nothing could be asked',
  'commit.done': 'Version {{version}} is in force; the vault keeps the one before',
  'roll-back.untouched': 'No sink and no service had been touched',
  'commit.resumed': 'The proof was in before Regie ended: the rotation is completed',
  'roll-back.mended': '{{path}} was half written and holds again what it held before',
  'roll-back.waiting': '{{service}} cannot be asked now; the roll-back goes on as soon as it can',
  'roll-back.sink': '{{path}} holds the old secret again',
  'roll-back.sink-failed': '{{path}} could not be put back: {{cause}}',
  'roll-back.restarted': '{{service}} listens again with the old secret',
  'roll-back.recreated': '{{service}} was recreated with the old secret and listens again',
  'roll-back.down': '{{service}} does not run; it takes the old secret when it starts: {{cause}}',
  'roll-back.left-alone': '{{service}} never read the new secret and was left alone',
  'roll-back.ended': '{{service}} does not run; it takes the old secret when it starts',
  'roll-back.proven': '{{service}} accepts the old secret',
  'roll-back.refused': '{{service}} does not accept the old secret',
} as const

export type RotationLine = keyof typeof rotationLines

/** The English text of a line with its values filled in. */
export const describeLine = (line: RotationLine, params: ProblemParams): string => fill(rotationLines[line], params)
