import * as z from 'zod'

/**
 * Who somebody is, whatever door they came through: a person's account, as `users` tells of it. Whoever is at the desktop,
 * holds a printed link or the admin token is `admin`.
 */
export const AccountId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'not the id of an account')
  .meta({ examples: ['admin'] })
export type AccountId = z.infer<typeof AccountId>

/** The accounts that every panel begins with, one a role. */
export const accounts = ['admin', 'user'] as const

/** To whom belongs what was made and noted before there were accounts. */
export const firstAccount = 'admin'
