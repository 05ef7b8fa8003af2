import type { InputValue, WorkflowDetail, WorkflowInput } from '../../../../../shared/contract'

type Version = Pick<WorkflowDetail, 'form' | 'graph' | 'pinned'>

/** What one version has and another has not. */
export interface Differences {
  /** Titles of nodes. */
  nodesAdded: string[]
  nodesRemoved: string[]
  inputsAdded: WorkflowInput[]
  inputsRemoved: WorkflowInput[]
  changed: { input: WorkflowInput; before: InputValue }[]
  pinned: WorkflowInput[]
  unpinned: WorkflowInput[]
  /** The same inputs are pinned, in another order. */
  isReordered: boolean
}

const without = <T>(list: readonly T[], other: readonly T[], keyOf: (item: T) => string): T[] => {
  const keys = new Set(other.map(keyOf))
  return list.filter((item) => !keys.has(keyOf(item)))
}

/** What is different between two versions of a workflow, the earlier one first. */
export function differencesOf(before: Version, after: Version): Differences {
  const node = ({ id, type }: Version['graph'][number]) => `${id} ${type}`
  const idOf = ({ id }: WorkflowInput) => id
  const old = new Map(before.form.map((input) => [input.id, input]))
  const now = new Map(after.form.map((input) => [input.id, input]))
  const self = (id: string) => id
  const pinned = without(after.pinned, before.pinned, self)
  const unpinned = without(before.pinned, after.pinned, self)
  return {
    nodesAdded: without(after.graph, before.graph, node).map(({ title }) => title),
    nodesRemoved: without(before.graph, after.graph, node).map(({ title }) => title),
    inputsAdded: without(after.form, before.form, idOf),
    inputsRemoved: without(before.form, after.form, idOf),
    changed: after.form.flatMap((input) => {
      const was = old.get(input.id)
      return was && was.value !== input.value ? { input, before: was.value } : []
    }),
    pinned: pinned.flatMap((id) => now.get(id) ?? []),
    unpinned: unpinned.flatMap((id) => now.get(id) ?? old.get(id) ?? []),
    isReordered: pinned.length + unpinned.length === 0 && before.pinned.join('\n') !== after.pinned.join('\n'),
  }
}

/** Whether two versions differ in nothing that is told. */
export const isSame = ({ isReordered, ...lists }: Differences): boolean =>
  !isReordered && Object.values(lists).every((list) => list.length === 0)
