import { useEffect, useState } from 'react'
import type { SecretField } from '../../shared/contract'
import { client } from './client'
import { api, queryClient } from './query'
import { useSecretCall } from './useSecretCall'
import { useSession } from './useSession'

/** A secret, and until when it is shown, as a wall clock's milliseconds. */
export interface ShownSecret {
  secret: Partial<Record<SecretField, string | undefined>>
  until: number
}

/** The secret for `forMs` after it was revealed, which the audit log notes; then it is forgotten. */
export function useShownSecret(id: string, forMs: number) {
  const [shown, setShown] = useState<ShownSecret | null>(null)
  const [wasShown, setWasShown] = useState(false)
  const call = useSecretCall(() => client.credentials.reveal({ id }))
  const hide = () => setShown(null)
  const until = shown?.until ?? null
  useEffect(() => {
    if (until === null) return
    const timer = setTimeout(() => setShown(null), until - Date.now())
    return () => clearTimeout(timer)
  }, [until])
  const isShown = until !== null
  const onDesktop = useSession().data?.door === 'desktop'
  useEffect(() => {
    if (!isShown || !onDesktop) return
    // The panel has kept the window out of screenshots since before the secret came.
    return () => void client.desktop.secretHidden().catch(() => undefined)
  }, [isShown, onDesktop])
  const show = () =>
    void call.run(undefined, (secret) => {
      setShown({ secret, until: Date.now() + forMs })
      setWasShown(true)
      void queryClient.invalidateQueries({ queryKey: api.credentials.history.key({ input: { id } }) })
    })
  return { shown, wasShown, hide, reveal: { show, isRunning: call.isRunning, error: call.error } }
}
