/** So many questions are remembered, none longer than this: pages and programs ask the same few again and again. */
const most = { questions: 2_000, length: 256 }

/** What is asked, as far as a list of routes looks at it. */
interface Question {
  method: string
  path: string
}

/** A pure look-up that is made once for each question; what it answers must not be changed. */
export function remembered<T extends object>(find: (question: Question) => T): (question: Question) => T {
  const known = new Map<string, T>()
  return ({ method, path }) => {
    if (path.length > most.length) return find({ method, path })
    const name = `${method} ${path}`
    const before = known.get(name)
    if (before) return before
    const found = find({ method, path })
    if (known.size >= most.questions) known.clear()
    known.set(name, found)
    return found
  }
}
