import type { WorkflowReport } from '../../../../../shared/contract'

/** A file that somebody wants to import, and what is known of it. */
export interface ReadFile {
  key: number
  file: File
  state:
    | { type: 'reading' }
    | { type: 'too-large' }
    | { type: 'failed'; error: unknown }
    | { type: 'read'; report: WorkflowReport }
}

/** Whether a file would be imported. */
export const isImportable = ({ state }: ReadFile): boolean =>
  state.type === 'read' && state.report.verdict !== 'refused' && state.report.replaces?.same !== true

/** Refused ones first: they are what one has to look at. */
export const sortFiles = (files: readonly ReadFile[]): ReadFile[] => {
  const rank = ({ state }: ReadFile) =>
    state.type === 'failed' ||
    state.type === 'too-large' ||
    (state.type === 'read' && state.report.verdict === 'refused')
      ? 0
      : 1
  return files.toSorted((a, b) => rank(a) - rank(b) || a.key - b.key)
}
