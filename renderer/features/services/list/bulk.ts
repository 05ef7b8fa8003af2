import type { Service } from '../../../../shared/contract'
import { canRestart, canStart, canStop } from '../state'

export const bulkActs = ['start', 'stop', 'restart'] as const
export type BulkAct = (typeof bulkActs)[number]

/** The chosen services to which an act applies now. */
export const appliesTo = (act: BulkAct, services: readonly Service[]): Service[] =>
  services.filter({ start: canStart, stop: canStop, restart: canRestart }[act])
