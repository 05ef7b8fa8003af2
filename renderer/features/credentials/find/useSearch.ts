import { useEffect, useRef, useState } from 'react'
import type { DiscoveryEvent, DiscoveryProposal } from '../../../../shared/contract'
import { client } from '../../../api/client'

type Progress = Extract<DiscoveryEvent, { type: 'progress' }>

export type SearchState =
  | { at: 'choose'; error: unknown }
  | { at: 'searching'; progress: Progress | null }
  | { at: 'found'; proposal: DiscoveryProposal }

const noError: SearchState = { at: 'choose', error: null }

/**
 * A search in a folder, step by step. What was found is kept in the core for some minutes, and forgotten there when it
 * is left.
 */
export function useSearch() {
  const [state, setState] = useState<SearchState>(noError)
  const running = useRef<AbortController | null>(null)
  const proposal = useRef<string | null>(null)

  const forget = () => {
    running.current?.abort()
    running.current = null
    // Gone by itself otherwise, after some minutes.
    if (proposal.current !== null) void client.discovery.discard({ id: proposal.current }).catch(() => undefined)
    proposal.current = null
  }
  useEffect(() => forget, [])

  const search = async (folder: string) => {
    forget()
    const own = new AbortController()
    running.current = own
    setState({ at: 'searching', progress: null })
    try {
      for await (const event of await client.discovery.scanning({ folder }, { signal: own.signal })) {
        if (running.current !== own) return
        if (event.type === 'progress') setState({ at: 'searching', progress: event })
        else {
          proposal.current = event.proposal.id
          setState({ at: 'found', proposal: event.proposal })
        }
      }
    } catch (error) {
      if (running.current === own) setState({ at: 'choose', error })
    }
  }
  return {
    state,
    search,
    /** Back to the choice of a folder, wherever the search stands. */
    leave: () => {
      forget()
      setState(noError)
    },
    /** The core has used it up. */
    imported: () => {
      proposal.current = null
    },
  }
}
