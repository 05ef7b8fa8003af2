import '@mantine/spotlight/styles.css'
import { Kbd } from '@mantine/core'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { IconDots, IconSearch } from '@tabler/icons-react'
import { useEffect, useState, type KeyboardEvent } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { Highlighted } from '../../ui/Highlighted'
import type { Mark } from '../../ui/find'
import type { Command } from './command'
import { useCommands } from './commands'
import { findCommands, type FoundCommands } from './find-commands'
import c from './Palette.module.css'

const [store, palette] = createSpotlight()

function CommandLine({ command, marks }: { command: Command; marks: readonly Mark[] }) {
  const { t } = useTranslation()
  const { icon: I, label, hint, keys, admin, image } = command
  return (
    <Spotlight.Action onClick={command.run} className={c.action}>
      {image === undefined ? (
        <I size={17} stroke={1.6} className={c.icon} aria-hidden />
      ) : (
        <img className={c.image} src={image} alt="" loading="lazy" />
      )}
      <span className={c.label}>
        <Highlighted text={label} marks={marks} />
      </span>
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

/** Selects the first line of the group after the one that is selected, or before it with Shift; from the last, the first. */
function toNextGroup(event: KeyboardEvent): void {
  const list = document.getElementById(store.getState().listId)
  if (event.key !== 'Tab' || !list) return
  const lines = [...list.querySelectorAll<HTMLElement>('[data-action]')]
  const groupOf = (line: HTMLElement) => line.closest('[data-group]')
  const starts = lines.filter((line, at) => at === 0 || groupOf(line) !== groupOf(lines[at - 1] ?? line))
  if (starts.length === 0) return
  event.preventDefault()
  const selected = lines.find((line) => line.hasAttribute('data-selected'))
  const present = starts.findIndex((line) => selected && groupOf(line) === groupOf(selected))
  const next = starts.at((present + (event.shiftKey ? -1 : 1)) % starts.length)
  if (!next) return
  selected?.removeAttribute('data-selected')
  next.setAttribute('data-selected', 'true')
  next.scrollIntoView({ block: 'nearest' })
  store.updateState((state) => ({ ...state, selected: lines.indexOf(next) }))
}

interface ResultsProps {
  found: FoundCommands
  query: string
  /** Shows all of a group. */
  onMore: (group: string) => void
}

/** What was understood, and the lines in their groups. */
function Results({ found: { groups, understood, nearest }, query, onMore }: ResultsProps) {
  const { t } = useTranslation('palette')
  return (
    <>
      {understood !== null && (
        <p className={c.said} role="status">
          <Trans t={t} i18nKey="understood" values={{ query: query.trim(), understood }} components={{ b: <b /> }} />
        </p>
      )}
      {nearest.length > 0 && (
        <p className={c.said} role="status">
          {t('nothing')}
        </p>
      )}
      <Spotlight.ActionsList className={c.list}>
        {groups.map(({ id, lines, more }) => (
          <Spotlight.ActionsGroup key={id} label={t(`group.${id}`)} data-group={id}>
            {lines.map(({ command, marks }) => (
              <CommandLine key={command.id} command={command} marks={marks} />
            ))}
            {more > 0 && (
              <Spotlight.Action className={c.action} closeSpotlightOnTrigger={false} onClick={() => onMore(id)}>
                <IconDots size={17} stroke={1.6} className={c.icon} aria-hidden />
                <span className={`${c.label} ${c.more}`}>{t('more', { count: more })}</span>
              </Spotlight.Action>
            )}
          </Spotlight.ActionsGroup>
        ))}
        {nearest.length > 0 && (
          <Spotlight.ActionsGroup label={t('group.nearest')} data-group="nearest">
            {nearest.map((command) => (
              <CommandLine key={command.id} command={command} marks={[]} />
            ))}
          </Spotlight.ActionsGroup>
        )}
      </Spotlight.ActionsList>
    </>
  )
}

/** The keys that one has here. */
function Keys() {
  const { t } = useTranslation('palette')
  return (
    <Spotlight.Footer className={c.footer}>
      <span>
        <Kbd>↑</Kbd> <Kbd>↓</Kbd> {t('keys.choose')}
      </span>
      <span>
        <Kbd>Tab</Kbd> {t('keys.group')}
      </span>
      <span>
        <Kbd>Enter</Kbd> {t('keys.run')}
      </span>
      <span>
        <Kbd>Esc</Kbd> {t('keys.close')}
      </span>
    </Spotlight.Footer>
  )
}

interface PaletteProps {
  opened: boolean
  onClose: () => void
  onHelp: () => void
}

/** Search or run: every page, setting, action, credential, service and recent image, by words. */
export default function Palette({ opened, onClose, onHelp }: PaletteProps) {
  const { t } = useTranslation('palette')
  const [query, setQuery] = useState('')
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const found = findCommands(useCommands(onHelp, opened), query, open)
  useEffect(() => {
    if (opened) palette.open()
    else palette.close()
  }, [opened])
  return (
    <Spotlight.Root
      store={store}
      shortcut={null}
      query={query}
      onQueryChange={(typed) => {
        setQuery(typed)
        setOpen(new Set())
      }}
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
        onKeyDown={toNextGroup}
      />
      <Results found={found} query={query} onMore={(id) => setOpen(new Set([...open, id]))} />
      <Keys />
    </Spotlight.Root>
  )
}
