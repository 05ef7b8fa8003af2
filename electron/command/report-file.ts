import { writeFile } from 'node:fs/promises'
import { fileErrorCode } from '../storage/files'
import { CommandFailure, exits } from './exits'

/** Writes a report, made anew each time: one that is cut off fails in a pipeline as it should. Throws a CommandFailure. */
export async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === null) throw error
    throw new CommandFailure(exits.failed, 'failure.report', { file, code }, { cause: error })
  }
}
