import * as z from 'zod'

/** What the person at this computer has chosen for the window alone; a broken file is as good as none. */
const Choices = z.object({
  /** What closing the window means; `ask` until it was asked. */
  closing: z.enum(['ask', 'tray', 'quit']).catch('ask'),
  /** Whether the link to Regie at the sign-in was set. */
  atSignIn: z.boolean().catch(false),
})
export type Choices = z.infer<typeof Choices>

export const readChoices = (kept: unknown): Choices =>
  Choices.catch({ closing: 'ask', atSignIn: false }).parse(typeof kept === 'object' && kept !== null ? kept : {})
