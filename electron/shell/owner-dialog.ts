import type { MessageBoxOptions } from 'electron'
import type { Language } from '../../shared/problems'

const words = {
  en: {
    title: 'Regie',
    message: 'Is it you who asked for this?',
    detail:
      'Somebody uses Regie to change what this computer runs or which files are written, to take a secret out, or to change a password. If that was you just now, go on: for 5 minutes you are not asked again. If not, cancel: nothing is done.',
    confirm: 'It was me',
    cancel: 'Cancel',
  },
  fr: {
    title: 'Regie',
    message: 'Est-ce vous qui l’avez demandé ?',
    detail:
      'Quelqu’un se sert de Regie pour changer ce que cet ordinateur exécute ou les fichiers qui sont écrits, pour sortir un secret ou pour changer un mot de passe. Si c’était vous à l’instant, continuez : pendant 5 minutes, rien ne vous sera redemandé. Sinon, annulez : rien n’est fait.',
    confirm: 'C’était moi',
    cancel: 'Annuler',
  },
} satisfies Record<Language, unknown>

export interface OwnerDialogOptions {
  language: () => Language
  show: (question: MessageBoxOptions) => Promise<{ response: number }>
}

/**
 * What asks the person at this computer, outside of the page and of whatever runs in it, whether it was they who asked.
 * Whoever asks while the dialog is open waits for the same answer; closing it is a no.
 */
export function createOwnerDialog({ language, show }: OwnerDialogOptions): () => Promise<boolean> {
  let open: Promise<boolean> | null = null
  const ask = async () => {
    const { title, message, detail, confirm, cancel } = words[language()]
    const buttons = [confirm, cancel]
    const choice = { buttons, defaultId: 1, cancelId: 1, noLink: true }
    const { response } = await show({ type: 'question', title, message, detail, ...choice })
    return response === 0
  }
  return () => (open ??= ask().finally(() => (open = null)))
}
