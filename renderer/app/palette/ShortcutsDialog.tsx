import { Kbd, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useIsAdmin } from '../../api/useSession'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { pages, pagesOf } from '../pages'
import c from './Shortcuts.module.css'

/** The keys, all of them. */
export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['palette', 'common'])
  useReturnFocus()
  const rows: [string, string[]][] = [
    [t('placeholder'), ['Ctrl', 'K']],
    [t('common:action.newGeneration'), ['N']],
    ...pagesOf(useIsAdmin()).map((page): [string, string[]] => [
      t(`common:nav.${page}`),
      ['G', pages[page].key.toUpperCase()],
    ]),
    [t('common:role.lock'), ['Ctrl', 'Shift', 'L']],
    [t('shortcuts'), ['?']],
  ]
  return (
    <Modal opened onClose={onClose} title={t('shortcuts')} size={400}>
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
    </Modal>
  )
}
