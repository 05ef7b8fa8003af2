import { sessionClient } from './client'
import { showFailure } from './errors'

/** Locks this session. The page starts afresh: nothing of what it knew is left in it. */
export const lockNow = (): void => void sessionClient.lock().then(() => location.reload(), showFailure)
