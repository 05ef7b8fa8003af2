import * as z from 'zod'
import { gives, procedure } from './base'

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
  preferences: procedure('user')
    .route({ method: 'GET', path: '/me/preferences', tags, summary: 'Language, theme and the like of my account' })
    .output(Preferences),
  changePreferences: procedure('user', { errors: gives.store, example: { language: 'fr', theme: 'dark' } })
    .route({ method: 'PATCH', path: '/me/preferences', tags, summary: 'Change some of my preferences' })
    .input(Preferences.partial())
    .output(Preferences),
}
