import type { WorkflowInput } from '../../../../../shared/contract'
import type { Kept } from '../model/kept'

export interface InputFieldProps {
  workflowId: string
  input: WorkflowInput
  kept: Kept
  /** What it is called. */
  name: string
}
