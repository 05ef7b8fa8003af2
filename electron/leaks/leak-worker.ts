import { parentPort, workerData } from 'node:worker_threads'
import { Problem } from '../../shared/problems'
import { scanHistory } from './history'
import { createMatcher } from './matcher'
import type { FilesRead, LeakAnswer, LeakOrder, LeakTask, LeakWorkerData } from './messages'
import { patternBytes } from './patterns'
import { scanFile } from './read-file'
import { Scanner } from './scanner'

// Reading and comparing keeps a core busy: these threads exist so that the event loop of the panel does not wait.
const port = parentPort
if (!port) throw new Error('leak-worker runs as a worker thread only')

const { memory } = workerData as LeakWorkerData // the pool starts it with nothing else
const matcher = createMatcher(patternBytes(memory))
const scanner = new Scanner(matcher)
const stop = new AbortController()
const answer = (message: LeakAnswer) => port.postMessage(message)

/** Progress is told so often at most, in ms. */
const tellEveryMs = 100

/** Gathers progress; `flush` tells the rest. */
function createProgress(id: number) {
  let [items, bytes, told] = [0, 0, performance.now()]
  const flush = () => {
    if (items > 0 || bytes > 0) answer({ type: 'progress', id, items, bytes })
    items = bytes = 0
    told = performance.now()
  }
  return {
    flush,
    add: (moreItems: number, moreBytes: number) => {
      items += moreItems
      bytes += moreBytes
      if (performance.now() - told > tellEveryMs) flush()
    },
  }
}

function readFiles(files: readonly string[], add: (items: number, bytes: number) => void): FilesRead {
  const read: FilesRead = { found: [], skipped: [] }
  for (const file of files) {
    const result = scanFile(file, scanner, (bytes) => add(0, bytes))
    if (result && 'why' in result) read.skipped.push(result)
    else {
      add(1, 0)
      if (result) read.found.push(result)
    }
  }
  return read
}

async function carryOut(task: LeakTask): Promise<void> {
  const progress = createProgress(task.id)
  try {
    switch (task.type) {
      case 'files': {
        const read = readFiles(task.files, progress.add)
        progress.flush()
        answer({ type: 'files', id: task.id, ...read })
        return
      }
      case 'history': {
        const read = await scanHistory(task.folder, matcher, { signal: stop.signal, onProgress: progress.add })
        progress.flush()
        answer({ type: 'history', id: task.id, ...read })
        return
      }
    }
  } catch (error) {
    progress.flush()
    if (error instanceof Problem) answer({ type: 'failed', id: task.id, reason: error.reason })
    else answer({ type: 'broken', id: task.id, error: error instanceof Error ? error.message : String(error) })
  }
}

port.on('message', (order: LeakOrder) => {
  if (order.type !== 'stop') void carryOut(order)
  else {
    stop.abort()
    answer({ type: 'stopped' })
  }
})
