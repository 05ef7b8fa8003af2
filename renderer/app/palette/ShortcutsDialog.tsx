import { Kbd, Modal } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsAdmin } from '../../api/useSession'
import { listedKeys, type KeyPlace } from '../../ui/page-keys'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { pages, pagesOf } from '../pages'
import c from './Shortcuts.module.css'

/** The places whose keys a user has too. */
const forUsers: readonly KeyPlace[] = ['me', 'gallery', 'viewer', 'compare', 'mask']

const signs: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' }

/** Keys that have a name in words. */
const named = ['Ctrl', 'Shift', 'Space', 'Delete', 'Escape'] as const

type Row = readonly [label: string, keys: readonly string[]]

function Keys({ title, rows }: { title: string; rows: readonly Row[] }) {
  const id = useId()
  return (
    <section className={c.section} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <dl className={c.keys}>
        {rows.map(([label, keys]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** The keys, all of them: those of the whole panel, and those of each page. */
export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['palette', 'common'])
  const isAdmin = useIsAdmin()
  useReturnFocus()
  const everywhere: Row[] = [
    [t('placeholder'), [t('key.Ctrl'), 'K']],
    [t('common:action.newGeneration'), ['N']],
    ...pagesOf(isAdmin).map((page): Row => [t(`common:nav.${page}`), ['G', pages[page].key.toUpperCase()]]),
    [t('common:role.lock'), [t('key.Ctrl'), t('key.Shift'), 'L']],
    [t('shortcuts'), ['?']],
  ]
  const shown = (key: string) => {
    const name = named.find((one) => one === key)
    return name === undefined ? (signs[key] ?? key) : t(`key.${name}`)
  }
  return (
    <Modal opened onClose={onClose} title={t('shortcuts')} size={760}>
      <div className={c.sections}>
        <Keys title={t('keysOf.everywhere')} rows={everywhere} />
        {[...listedKeys]
          .filter(([place]) => isAdmin || forUsers.includes(place))
          .map(([place, acts]) => (
            <Keys
              key={place}
              title={t(`keysOf.${place}.title`)}
              rows={acts.map(({ word, key }): Row => [
                t(`keysOf.${word}`),
                (key === '+' ? [key] : key.split('+')).map(shown),
              ])}
            />
          ))}
      </div>
    </Modal>
  )
}
