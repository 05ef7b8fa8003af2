import type { Reply } from '../http/reply'
import type { Call } from '../http/server'

/** Answers one call. */
export type Handler = (call: Call) => Reply | Promise<Reply>

export const methods = ['GET', 'POST', 'HEAD'] as const
export type Method = (typeof methods)[number]

/** Handlers by method; a path may be a prefix that ends in `*`. FastAPI's routes answer HEAD with 405. */
export type Routes = Map<string, Partial<Record<Method, Handler>>>
