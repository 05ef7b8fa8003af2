import type { Rotation } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { CredentialsContext } from '../../credentials/context'
import { mainFingerprint, recordOf, refuseWhileRotating } from '../../credentials/credentials'
import type { Rotations } from '../rotation'
import { previousUntil } from '../../credentials/grace'

export interface GoBackRequest {
  id: string
  operationId?: string | undefined
  wait?: boolean
  who: string
}

/**
 * Makes the previous secret the new one, by the same transaction as any rotation: written, applied, proven, or rolled
 * back. The secret that it replaces becomes the previous one. Throws `rotation.no-previous` once its grace is over.
 */
export async function goBack(
  context: CredentialsContext,
  rotations: Pick<Rotations, 'rotate'>,
  { id, operationId, wait = true, who }: GoBackRequest,
): Promise<Rotation> {
  const record = recordOf(context, id)
  refuseWhileRotating(context, id)
  const { previous, scheme } = record
  const until = previousUntil(record)
  if (!previous || until === null || until <= context.now()) throw new Problem('rotation.no-previous', { id })
  const details = {
    old: mainFingerprint(scheme, record.secret) ?? '',
    new: mainFingerprint(scheme, previous) ?? '',
  }
  await context.audit.append({ who, action: 'rotation.back-to-previous', target: id, details })
  const { password, token } = previous
  return rotations.rotate({
    id,
    who,
    wait,
    operationId,
    ...(password === null ? {} : { password }),
    ...(token === null ? {} : { token }),
  })
}
