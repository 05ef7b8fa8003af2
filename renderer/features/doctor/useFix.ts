import { useMutation } from '@tanstack/react-query'
import type { DoctorAct, DoctorFix } from '../../../shared/contract'
import { client } from '../../api/client'
import { queryClient } from '../../api/query'
import { hrefOf } from '../../ui/route'

/** Acts that lead a person to another place, where the way goes on. */
export const hrefOfAct = (act: DoctorAct): string | null => {
  switch (act.kind) {
    case 'rotate':
      return hrefOf('credentials', act.credentialId)
    case 'unlock':
      return hrefOf('credentials')
    case 'logs':
      return hrefOf('services', act.serviceId, 'logs')
    case 'sync':
    case 'adopt':
    case 'adopt-live':
    case 'start':
    case 'restart':
    case 'recreate':
    case 'lint-fix':
    case 'address':
    case 'connection':
      return null
  }
}

/** Does one act by its own procedure. */
async function perform(act: DoctorAct): Promise<unknown> {
  switch (act.kind) {
    case 'sync':
      return client.credentials.sync({ id: act.credentialId, ...(act.sinkId !== null && { sinkId: act.sinkId }) })
    case 'adopt':
      return client.credentials.adopt({ id: act.credentialId, sinkId: act.sinkId })
    case 'adopt-live':
      return client.doctor.adoptLive({ id: act.serviceId, fingerprint: act.fingerprint })
    case 'start':
      return client.services.start({ id: act.serviceId })
    case 'restart':
      return client.services.restart({ id: act.serviceId })
    case 'recreate':
      return client.services.recreate({ id: act.serviceId })
    case 'lint-fix':
      return client.lint.fix({ id: act.serviceId, fixes: act.fixes, files: act.files })
    case 'address':
      return client.services.update({ id: act.serviceId, url: act.url })
    case 'rotate':
    case 'unlock':
    case 'logs':
    case 'connection':
      return
  }
}

/** Does the acts of a fix, one after the other; the first that fails ends it and is shown in place. */
export function useFix({ onDone }: { onDone: (fix: DoctorFix) => void }) {
  const fix = useMutation({
    meta: { quiet: true },
    mutationFn: async ({ acts }: DoctorFix) => {
      for (const act of acts) await perform(act)
    },
    // What was done before a failure counts too: the next look tells.
    onSettled: () => void queryClient.invalidateQueries(),
    onSuccess: (_, done) => onDone(done),
  })
  return { apply: fix.mutate, isApplying: fix.isPending, applying: fix.variables?.id, error: fix.error }
}
