import '@mantine/spotlight/styles.css'
import { Kbd } from '@mantine/core'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Command } from './command'
import { matching, useCommands } from './commands'
import c from './Palette.module.css'

const [store, palette] = createSpotlight()

function CommandLine({ command }: { command: Command }) {
  const { t } = useTranslation()
  const { icon: I, label, hint, keys, admin } = command
  return (
    <Spotlight.Action onClick={command.run} className={c.action}>
      <I size={17} stroke={1.6} className={c.icon} aria-hidden />
      <span className={c.label}>{label}</span>
      {hint !== undefined && <span className={c.hint}>{hint}</span>}
      <span className={c.right}>
        {admin && <span className={c.admin}>{t('role.admin')}</span>}
        {keys?.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </span>
    </Spotlight.Action>
  )
}

interface PaletteProps {
  opened: boolean
  onClose: () => void
  onHelp: () => void
}

/** Search or run: every action and every place, by words. */
export default function Palette({ opened, onClose, onHelp }: PaletteProps) {
  const { t } = useTranslation('palette')
  const [query, setQuery] = useState('')
  const groups = matching(useCommands(onHelp), query)
  useEffect(() => {
    if (opened) palette.open()
    else palette.close()
  }, [opened])
  return (
    <Spotlight.Root
      store={store}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      size={640}
      yOffset="14vh"
      radius={12}
      lockScroll={false}
      maxHeight="none"
      overlayProps={{ backgroundOpacity: 0.5, blur: 0 }}
      transitionProps={{ duration: 120 }}
      classNames={{ content: c.content ?? '', search: c.search ?? '', actionsGroup: c.group ?? '' }}
      attributes={{ content: { 'aria-label': t('title') } }}
    >
      <Spotlight.Search
        placeholder={t('placeholder')}
        aria-label={t('placeholder')}
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList className={c.list}>
        {groups.map(({ id, commands }) => (
          <Spotlight.ActionsGroup key={id} label={t(`group.${id}`)}>
            {commands.map((command) => (
              <CommandLine key={command.id} command={command} />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && <Spotlight.Empty>{t('nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
      <Spotlight.Footer className={c.footer}>
        <span>
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> {t('keys.choose')}
        </span>
        <span>
          <Kbd>Enter</Kbd> {t('keys.run')}
        </span>
        <span>
          <Kbd>Esc</Kbd> {t('keys.close')}
        </span>
      </Spotlight.Footer>
    </Spotlight.Root>
  )
}
