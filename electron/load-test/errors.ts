import type { LoadTestErrorKind, LoadTestImage } from '../../shared/contract'
import { reason, type Problem, type ProblemId, type Reason } from '../../shared/problems'
import type { FamilyParams } from '../kinds/backend'
import { isFromCache, judgePicture } from '../trial/judge'
import type { MadePicture } from '../trial/picture'

const kinds: Readonly<Partial<Record<ProblemId, LoadTestErrorKind>>> = {
  'backend.out-of-memory': 'out-of-memory',
  'load-test.late': 'late',
  'backend.job-timeout': 'late',
  'backend.timeout': 'late',
  'backend.refused': 'refused',
  'backend.job-refused': 'refused',
  'backend.credential-needed': 'refused',
  'backend.input-refused': 'refused',
  'backend.choice-refused': 'refused',
  'backend.unreachable': 'unreachable',
  'backend.host-unknown': 'unreachable',
  'backend.disconnected': 'unreachable',
  'backend.server-error': 'unreachable',
  'backend.job-lost': 'unreachable',
  'backend.tls': 'unreachable',
  'load-test.cached': 'cached',
  'load-test.no-image': 'unread',
  'backend.no-images': 'unread',
  'golden.black': 'unread',
  'golden.flat': 'unread',
  'golden.size': 'unread',
  'backend.interrupted-by-others': 'interrupted',
  'backend.interrupted-elsewhere': 'interrupted',
}

const errorOf = (why: Reason): LoadTestImage['error'] => ({ ...why, kind: kinds[why.problem] ?? 'other' })

/** Why nothing came of an image. */
export const errorOfProblem = (problem: Problem): LoadTestImage['error'] => errorOf(problem.reason)

/** Why an image that came does not count; null where it does. */
export function errorOfImage(
  made: MadePicture,
  wanted: Pick<FamilyParams, 'width' | 'height'>,
  caches: boolean,
): LoadTestImage['error'] {
  if (isFromCache(made, caches)) return errorOf(reason('load-test.cached'))
  const { measured } = made
  switch (judgePicture(measured, { ...wanted, mayBeFlat: false })) {
    case null:
      return null
    case 'size': {
      const got = `${measured.width}×${measured.height}`
      return errorOf(reason('golden.size', { got, wanted: `${wanted.width}×${wanted.height}` }))
    }
    case 'black':
      return errorOf(reason('golden.black'))
    case 'flat':
      return errorOf(reason('golden.flat'))
  }
}
