import type { Scheme, ServiceKind, StackId } from '../../shared/contract'
import { kinds } from '../../shared/kinds'
import { allKinds } from '../kinds'
import type { KindStack } from '../kinds/stack'

/** A ready-made stack with what its kind says of it. */
export interface StackTemplate extends KindStack {
  kind: ServiceKind
  scheme: Scheme
  /** Copied as they are, but for `.env`, which is made from `.env.example`. */
  files: readonly string[]
}

const common = ['compose.yaml', 'Dockerfile', 'serve.py', 'healthcheck.py', '.env.example', 'README.md'] as const

export const templates: readonly StackTemplate[] = allKinds.flatMap(({ id: kind, stack }) =>
  stack ? { ...stack, kind, scheme: kinds[kind].scheme, files: [...common, ...stack.moreFiles] } : [],
)

export function templateOf(id: StackId): StackTemplate {
  const template = templates.find((one) => one.id === id)
  if (!template) throw new Error(`the contract names a stack ${id} that has no template`)
  return template
}
