import type { PanelParts } from '../parts'

export type Role = 'user' | 'admin'

/** Signing in and out; only the HTTP door has it. */
export interface SessionActions {
  /** Returns the role and the cookie to set. Throws a Problem. */
  signIn(token: string): { role: Role; cookie: string }
  /** Ends the caller's session and returns the cookie that clears it. */
  signOut(): { cookie: string }
}

/** Who calls, and through which door. `role` is null for somebody who has not signed in. */
export interface Caller {
  door: 'desktop' | 'http'
  role: Role | null
  session: SessionActions | null
}

/** What every procedure gets beside its input. */
export interface ApiContext {
  parts: PanelParts
  caller: Caller
  /** Headers of the answer; absent over a WebSocket. */
  resHeaders?: Headers
}
