/** Takes one thing back. Answers what it had to leave, in the words of the machine. */
export type Undo = () => Promise<string[]>

/** What was made, in order, and how each is taken back. */
export function createUndoing(reportBug: (error: unknown) => void) {
  const undos: { what: string; undo: Undo }[] = []
  return {
    /** To be told right after something was made. */
    made(what: string, undo: Undo): void {
      undos.push({ what, undo })
    },
    /** Takes everything back, the last first. One that cannot be taken back is kept and told; the others still go. */
    async all(): Promise<string[]> {
      const kept: string[] = []
      for (const { what, undo } of undos.splice(0).reverse()) {
        try {
          kept.push(...(await undo()))
        } catch (error) {
          reportBug(error)
          kept.push(what)
        }
      }
      return kept.reverse()
    },
  }
}
export type Undoing = ReturnType<typeof createUndoing>
