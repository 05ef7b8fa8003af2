import * as z from 'zod'
import { Password } from './access'
import { gives, procedure } from './base'
import { User } from './people'

/** What a person has chosen for their own use of the panel. */
export const Preferences = z.object({
  language: z.enum(['system', 'en', 'fr']),
  theme: z.enum(['system', 'dark', 'light']),
  /** True once they finished or dismissed the welcome. */
  welcomed: z.boolean(),
})
export type Preferences = z.infer<typeof Preferences>

const tags = ['me']

/** What is the caller's own, whoever it is. */
export const me = {
  account: procedure('user', { errors: gives.store })
    .route({ method: 'GET', path: '/me', tags, summary: 'My account' })
    .output(User),
  setPassword: procedure('user', {
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { password: 'correct horse battery staple', current: 'the one before' },
  })
    .route({ method: 'PUT', path: '/me/password', tags, summary: 'Change my password; my other sessions end' })
    .input(z.object({ password: Password, current: Password }))
    .output(User),
  preferences: procedure('user')
    .route({ method: 'GET', path: '/me/preferences', tags, summary: 'Language, theme and the like of my account' })
    .output(Preferences),
  changePreferences: procedure('user', { errors: gives.store, example: { language: 'fr', theme: 'dark' } })
    .route({ method: 'PATCH', path: '/me/preferences', tags, summary: 'Change some of my preferences' })
    .input(Preferences.partial())
    .output(Preferences),
}
