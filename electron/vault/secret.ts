/** The parts of a credential's secret. For `comfyui-login` the token is the bcrypt hash. */
export interface Secret {
  username: string | null
  password: string | null
  token: string | null
}

/**
 * Lends a secret for the duration of one call. The function must not keep it, log it or return it.
 * `null` when the service has no credential.
 */
export type LendSecret = <T>(use: (secret: Secret | null) => T | Promise<T>) => Promise<T>
