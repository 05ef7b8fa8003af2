import { skipToken, useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { api } from '../api/query'
import { useSeesAll } from '../api/useSession'
import { lazyPart } from '../ui/parts'
import c from './Shell.module.css'

const RotationActivity = lazyPart(() => import('./RotationActivity'))
const UpdateActivity = lazyPart(() => import('../features/updates/UpdateActivity'))

/** What takes long leaves a card at the foot of the rail, which leads back to it: a rotation, an update. */
export function Activity() {
  const updates = useQuery({ ...api.updates.list.queryOptions(), enabled: useSeesAll() }).data
  return (
    <>
      <Suspense>
        <Rotating />
        {updates
          ?.filter(({ state }) => state === 'running' || state === 'rolling-back')
          .map((update) => (
            <UpdateActivity key={update.id} update={update} classes={c} />
          ))}
      </Suspense>
    </>
  )
}

function Rotating() {
  const credentials = useQuery({ ...api.credentials.list.queryOptions(), enabled: useSeesAll() }).data
  const rotating = credentials?.find(({ state }) => state === 'rotating')
  const rotation = useQuery(
    api.credentials.rotation.queryOptions({ input: rotating ? { id: rotating.id } : skipToken }),
  ).data
  return rotating && rotation?.state === 'running' && <RotationActivity rotation={rotation} classes={c} />
}
