import { largestWorkflowBytes } from '../../../../shared/contract'
import { Problem, type ProblemId } from '../../../../shared/problems'

/** What is taken of one file at most; more is refused before it costs anything. */
export const most = {
  bytes: largestWorkflowBytes,
  /** Lists and objects in each other. */
  depth: 200,
  /** Numbers, texts, lists and objects: the largest graph of the bounds below has half of them. */
  values: 2_000_000,
  /** Written in the file, and again with every subgraph laid out as often as it is used. */
  nodes: 5000,
  links: 50_000,
  subgraphs: 1000,
  /** Inputs of all nodes together, those of the form, and the choices of all of them. */
  inputs: 100_000,
  formInputs: 10_000,
  choices: 500_000,
} as const

const problems = {
  bytes: 'workflow-file.too-large',
  depth: 'workflow-file.too-deep',
  values: 'workflow-file.too-many-values',
  nodes: 'workflow-file.too-many-nodes',
  links: 'workflow-file.too-many-links',
  subgraphs: 'workflow-file.too-many-subgraphs',
  inputs: 'workflow-file.too-many-inputs',
  formInputs: 'workflow-file.too-many-inputs',
  choices: 'workflow-file.too-many-inputs',
} as const satisfies Record<keyof typeof most, ProblemId>

/** Throws the problem of a limit where there is more than it. */
export function refuseMore(name: string, what: keyof typeof most, count: number): void {
  if (count > most[what]) throw new Problem(problems[what], { name, limit: most[what] })
}
