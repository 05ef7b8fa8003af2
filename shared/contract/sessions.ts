import * as z from 'zod'

/**
 * What a rotation makes of the browser sessions that are open on a service. `end`: they end with its restart;
 * `next-start`: they end when it starts again, which the rotation does not see to; `stay`: they go on, because the key
 * that seals ComfyUI-Login's cookies is no sink; `unknown`: it hangs on what Regie cannot see.
 */
export const SessionsFate = z.enum(['end', 'next-start', 'stay', 'unknown'])
export type SessionsFate = z.infer<typeof SessionsFate>

/** The same after a rotation: `ended` was seen, by a session that was open before and is refused now. */
export const ServiceSessions = z.object({
  serviceId: z.string(),
  fate: z.enum(['ended', ...SessionsFate.options]),
})
export type ServiceSessions = z.infer<typeof ServiceSessions>
