import type { TestContext } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** Lines that `npm test` prints at its end. */
    told?: string[]
  }
}

/** Prints what a test counted, also where only failures are shown: at the end of `npm test`, or at once otherwise. */
export function tell({ task }: Pick<TestContext, 'task'>, line: string): void {
  task.meta.told = [...(task.meta.told ?? []), line]
  if (!process.env['REGIE_RESULTS']) process.stdout.write(`${line}\n`)
}
