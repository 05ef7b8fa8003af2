import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Service } from '../../../../shared/contract'
import { applyEvent } from '../../../api/cache'
import { client } from '../../../api/client'
import { describeError } from '../../../api/errors'
import { oneByOne, type BulkAct } from './bulk'

/** What is being done to several services, one after the other. */
export interface BulkRun {
  act: BulkAct
  done: number
  count: number
  isCancelled: boolean
}

interface BulkFailure {
  id: string
  why: string
}

/** Does the same to several services, one after the other. What fails harms no other, and stays to be told. */
export function useBulk(onEnd: (failed: readonly string[]) => void) {
  const cache = useQueryClient()
  const [run, setRun] = useState<BulkRun | null>(null)
  const [failures, setFailures] = useState<readonly BulkFailure[]>([])
  const wanted = useRef(new AbortController())

  const begin = async (act: BulkAct, services: readonly Service[]) => {
    const { signal } = (wanted.current = new AbortController())
    setFailures([])
    const failed = await oneByOne(services, {
      signal,
      begun: (done) => setRun({ act, done, count: services.length, isCancelled: false }),
      act: async ({ id }) => applyEvent(cache, { type: 'service', service: await client.services[act]({ id }) }),
    })
    setRun(null)
    setFailures(failed.map(({ id, error }) => ({ id, why: describeError(error).message })))
    onEnd(failed.map(({ id }) => id))
  }

  return {
    run,
    failures,
    begin: (act: BulkAct, services: readonly Service[]) => void begin(act, services),
    /** What goes on is finished; nothing more is begun. */
    cancel: () => {
      wanted.current.abort()
      setRun((before) => before && { ...before, isCancelled: true })
    },
    forget: () => setFailures([]),
  }
}
