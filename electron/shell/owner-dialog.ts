import type { MessageBoxOptions } from 'electron'
import type { Language } from '../../shared/problems'

const words = {
  en: {
    title: 'Regie',
    message: 'Confirm your identity',
    detail:
      'Someone is using Regie to change what this computer runs or writes, to reveal a secret, or to change a password. If this was you, confirm; you are not asked again for 5 minutes. If not, cancel: nothing is changed.',
    confirm: 'Confirm',
    cancel: 'Cancel',
  },
  fr: {
    title: 'Regie',
    message: 'Confirmez votre identité',
    detail:
      'Quelqu’un utilise Regie pour changer ce que cet ordinateur exécute ou écrit, pour révéler un secret ou pour changer un mot de passe. Si c’était vous, confirmez ; rien ne vous sera redemandé pendant 5 minutes. Sinon, annulez : rien n’est modifié.',
    confirm: 'Confirmer',
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
