/** The parts of a credential's secret. For `comfyui-login` the token is the bcrypt hash. */
export interface Secret {
  username: string | null
  password: string | null
  token: string | null
  /** What ComfyUI-Login's browser sessions are sealed with; only where a sink holds it. It opens no service. */
  sessionKey?: string | null
}

/**
 * Lends a secret for the duration of one call. The function must not keep it, log it or return it.
 * `null` when the service has no credential.
 */
export type LendSecret = <T>(use: (secret: Secret | null) => T | Promise<T>) => Promise<T>
