import type { MessageBoxOptions } from 'electron'
import type { Language } from '../../shared/problems'
import type { Choices } from './choices'

const words = {
  en: {
    message: 'Keep Regie running in the tray?',
    detail:
      'Rotations, schedules and alerts go on only while Regie runs. You can change this in the menu of its icon. Containers run on either way.',
    keep: 'Keep running',
    quit: 'Quit',
  },
  fr: {
    message: 'Laisser Regie tourner dans la zone de notification ?',
    detail:
      'Les renouvellements, les horaires et les alertes ne continuent que tant que Regie tourne. Vous pouvez changer cela dans le menu de son icône. Les conteneurs continuent de toute façon.',
    keep: 'Laisser tourner',
    quit: 'Quitter',
  },
} satisfies Record<Language, unknown>

export interface ClosingOptions {
  language: () => Language
  choices: { read(): Choices; change(some: Partial<Choices>): void }
  ask: (question: MessageBoxOptions) => Promise<{ response: number }>
}

/** What the end of the last window means. The first time the person is asked; the answer is kept. */
export function createClosing({ language, choices, ask }: ClosingOptions): () => Promise<'tray' | 'quit'> {
  return async () => {
    const { closing } = choices.read()
    if (closing !== 'ask') return closing
    const { message, detail, keep, quit } = words[language()]
    const buttons = [keep, quit]
    const { response } = await ask({
      ...{ type: 'question', title: 'Regie', message, detail, buttons, defaultId: 0, cancelId: 1, noLink: true },
    })
    const chosen = response === 0 ? 'tray' : 'quit'
    choices.change({ closing: chosen })
    return chosen
  }
}
