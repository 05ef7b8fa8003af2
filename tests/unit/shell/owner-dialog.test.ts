import { describe, expect, it } from 'vitest'
import { createOwnerDialog, type OwnerDialogOptions } from '../../../electron/shell/owner-dialog'
import type { Language } from '../../../shared/problems'

type Question = Parameters<OwnerDialogOptions['show']>[0]

/** A desktop whose dialogs wait until a button is pressed. */
function desktop(language: Language = 'en') {
  const shown: { question: Question; press: (label: string) => void }[] = []
  const ask = createOwnerDialog({
    language: () => language,
    show: (question) =>
      new Promise((resolve) => {
        const press = (label: string) => resolve({ response: question.buttons?.indexOf(label) ?? -1 })
        shown.push({ question, press })
      }),
  })
  return { ask, shown }
}

describe('the dialog that asks the owner', () => {
  it('is answered by its button, and by closing it or the Enter key with no', async () => {
    const { ask, shown } = desktop()

    const yes = ask()
    shown[0]?.press('Confirm')
    expect(await yes).toBe(true)
    const no = ask()
    shown[1]?.press('Cancel')
    expect(await no).toBe(false)

    const { buttons = [], cancelId = -1, defaultId = -1 } = shown[0]?.question ?? {}
    expect([buttons[cancelId], buttons[defaultId]]).toEqual(['Cancel', 'Cancel'])
  })

  it('is one, however many calls wait for it', async () => {
    const { ask, shown } = desktop()

    const all = [ask(), ask(), ask()]
    shown[0]?.press('Confirm')

    expect(await Promise.all(all)).toEqual([true, true, true])
    expect(shown).toHaveLength(1)
  })

  it('asks anew after one that could not be shown', async () => {
    const answers = [Promise.reject(new Error('no screen')), Promise.resolve({ response: 0 })]
    const ask = createOwnerDialog({
      language: () => 'en',
      show: () => answers.shift() ?? Promise.reject(new Error('third')),
    })

    await expect(ask()).rejects.toThrow('no screen')
    expect(await ask()).toBe(true)
  })

  it('speaks the language of the panel', () => {
    const { ask, shown } = desktop('fr')

    void ask()

    expect(shown[0]?.question.message).toContain('Confirmez votre identité')
    expect(shown[0]?.question.buttons).toEqual(['Confirmer', 'Annuler'])
  })
})
