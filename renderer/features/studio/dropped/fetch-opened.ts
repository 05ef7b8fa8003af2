import * as z from 'zod'

const Names = z.array(z.string()).max(16)

/** Files that were opened with the desktop application, or dropped on its icon: it hands them over once, by an id. */
export async function fetchOpened(id: string): Promise<File[]> {
  const from = `/opened/${encodeURIComponent(id)}`
  const listed = await fetch(from)
  if (!listed.ok || !listed.headers.get('content-type')?.startsWith('application/json')) return []
  const files: File[] = []
  // In turn: with the last one they are forgotten.
  for (const [at, name] of Names.parse(await listed.json()).entries()) {
    const answer = await fetch(`${from}/${at}`)
    files.push(new File([answer.ok ? await answer.blob() : ''], name))
  }
  return files
}
