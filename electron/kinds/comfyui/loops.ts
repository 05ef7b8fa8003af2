/** Takes away, again and again, what all the others that it waits for are gone of. Returns what is left. */
function peel(nodes: ReadonlySet<string>, waitsFor: ReadonlyMap<string, readonly string[]>): Set<string> {
  const left = new Set(nodes)
  const count = new Map<string, number>()
  const waiting = new Map<string, string[]>()
  for (const id of nodes) {
    const others = (waitsFor.get(id) ?? []).filter((other) => nodes.has(other))
    count.set(id, others.length)
    for (const other of others) {
      const known = waiting.get(other)
      if (known) known.push(id)
      else waiting.set(other, [id])
    }
  }
  const free = [...count].filter(([, many]) => many === 0).map(([id]) => id)
  // The list grows while it is walked.
  for (const id of free) {
    left.delete(id)
    for (const other of waiting.get(id) ?? []) {
      const many = (count.get(other) ?? 0) - 1
      count.set(other, many)
      if (many === 0) free.push(other)
    }
  }
  return left
}

/** The nodes that stand on a way from themselves to themselves, or between two such; `sources`: what each takes from. */
export function loopsOf(sources: ReadonlyMap<string, readonly string[]>): string[] {
  const users = new Map<string, string[]>()
  for (const [id, from] of sources)
    for (const source of from) {
      const known = users.get(source)
      if (known) known.push(id)
      else users.set(source, [id])
    }
  return [...peel(peel(new Set(sources.keys()), sources), users)]
}
