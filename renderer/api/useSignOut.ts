import { useMutation } from '@tanstack/react-query'
import { sessionClient } from './client'

/** Ends this browser's session. The WebSocket still belongs to the old one, so everything starts afresh. */
export const useSignOut = () =>
  useMutation({ mutationFn: () => sessionClient.signOut(), onSuccess: () => location.reload() })
