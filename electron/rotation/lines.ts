import { fill } from '../../shared/fill'
import type { ProblemParams } from '../../shared/problems'

/** Every line of evidence that a rotation can show, in English; the renderer has other languages by these ids. */
export const rotationLines = {
  'prepare.generated': 'New secret {{fingerprint}} generated; the old one stays in the vault until commit',
  'prepare.given': 'New secret {{fingerprint}} entered; the old one stays in the vault until commit',
  'prepare.hashed': 'bcrypt hash computed at cost {{cost}}',
  'prepare.services': 'Running services checked: {{count}}; each can be made to read the new secret',
  'prepare.sessions': 'Browser sessions opened with the old secret, whose end will be verified: {{count}}',
  'write.checked': 'Locations checked: {{count}}; all are writable',
  'write.none': 'This credential has no locations',
  'write.sink': '{{path}}',
  'write.env': '{{path}} ({{key}})',
  'apply.restarting': '{{service}} restarts to read the new secret',
  'apply.restarting-mounted': '{{service}} restarts: {{path}} is mounted into its container and read at startup',
  'apply.recreating-environment':
    '{{service}} is recreated: {{path}} changes its environment, which a restart would leave unchanged',
  'apply.recreating-named': '{{service}} is recreated, as configured for {{path}}',
  'apply.recreated': '{{service}} was recreated and listens after {{ms}} ms',
  'apply.restarted': '{{service}} listens again after {{ms}} ms',
  'apply.stopped':
    '{{service}} is stopped: it reads the new secret from files at its next start; if it comes from the environment, recreate it first, because a start keeps the old one',
  'apply.external': '{{service}} is managed externally and cannot be restarted from here',
  'apply.nothing': 'No service needs a restart',
  'prove.proven': 'Endpoints verified: {{count}}; none, invalid and old refused, new accepted',
  'prove.sessions-ended': '{{service}}: the previous browser session is refused; earlier sessions have ended',
  'prove.sessions-end':
    '{{service}}: earlier browser sessions ended with the restart; none was open beforehand to verify it',
  'prove.sessions-next-start': '{{service}}: earlier browser sessions end when it starts again',
  'prove.sessions-stay':
    '{{service}}: earlier browser sessions stay valid, because .secret-key.txt is not a location of this credential',
  'prove.sessions-unknown': '{{service}}: unknown whether earlier browser sessions have ended',
  'prove.nobody': 'No service uses this credential, so there is nothing to verify',
  'prove.idle': 'No service that uses this credential responds, so nothing could be verified',
  'commit.done': 'Version {{version}} is in effect; the vault keeps the previous one',
  'roll-back.untouched': 'No location and no service had been changed',
  'commit.resumed': 'It was verified before Regie ended: the rotation is complete',
  'roll-back.mended': '{{path}} was partly written and has its previous content again',
  'roll-back.waiting': '{{service}} cannot be reached now; the rollback continues as soon as possible',
  'roll-back.sink': '{{path}} contains the old secret again',
  'roll-back.sink-failed': '{{path}} could not be restored: {{cause}}',
  'roll-back.restarted': '{{service}} listens again with the old secret',
  'roll-back.recreated': '{{service}} was recreated with the old secret and listens again',
  'roll-back.down': '{{service}} is not running; it reads the old secret when it starts: {{cause}}',
  'roll-back.left-alone': '{{service}} never read the new secret and was not changed',
  'roll-back.ended': '{{service}} is not running; it reads the old secret when it starts',
  'roll-back.proven': '{{service}} accepts the old secret',
  'roll-back.refused': '{{service}} does not accept the old secret',
} as const

export type RotationLine = keyof typeof rotationLines

/** The English text of a line with its values filled in. */
export const describeLine = (line: RotationLine, params: ProblemParams): string => fill(rotationLines[line], params)
