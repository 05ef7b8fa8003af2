import type { Graph, Json } from './graph'

/** A queued prompt, as `/queue` and `/history` show it: `[number, prompt_id, prompt, extra_data, outputs]`. */
export type QueueItem = readonly [number: number, id: string, graph: Graph, extra: Json, outputs: string[]]

const before = (a: QueueItem, b: QueueItem) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])

/** Moves the item at `at` up to its place, from below `top` (Python's `heapq._siftdown`). */
function rise(heap: QueueItem[], top: number, at: number) {
  const item = heap[at]
  if (!item) return
  while (at > top) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (!parent || !before(item, parent)) break
    heap[at] = parent
    at = above
  }
  heap[at] = item
}

/** Python's `heapq._siftup`: the smaller children move up to a leaf, then the item rises from there. */
function sink(heap: QueueItem[], start: number) {
  const item = heap[start]
  if (!item) return
  let at = start
  for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
    const [left, right] = [heap[child], heap[child + 1]]
    const smaller = left && right && !before(left, right) ? child + 1 : child
    const moved = heap[smaller]
    if (!moved) break
    heap[at] = moved
    at = smaller
  }
  heap[at] = item
  rise(heap, start, at)
}

/** Adds to a heap; the array keeps Python's heap order, which is not the order of execution. */
export function pushItem(heap: QueueItem[], item: QueueItem) {
  heap.push(item)
  rise(heap, 0, heap.length - 1)
}

/** Takes the item with the lowest number; the earlier id wins a tie. */
export function popItem(heap: QueueItem[]): QueueItem | null {
  const last = heap.pop()
  if (!last) return null
  const first = heap[0]
  if (!first) return last
  heap[0] = last
  sink(heap, 0)
  return first
}

/** Takes one item out by id and restores the heap; false when it is not there. */
export function removeItem(heap: QueueItem[], id: string): boolean {
  const at = heap.findIndex((item) => item[1] === id)
  if (at < 0) return false
  heap.splice(at, 1)
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i)
  return true
}
