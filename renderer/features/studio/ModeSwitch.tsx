import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNarrow } from '../../ui/narrow'
import type { PageProps } from '../../ui/Page'
import { hrefOf } from '../../ui/route'
import c from './Studio.module.css'

const modes = ['text', 'edit', 'workflow'] as const
export type StudioMode = (typeof modes)[number]

/** The mode that an address means. */
export const modeOf = (query: URLSearchParams): StudioMode => modes.find((mode) => mode === query.get('mode')) ?? 'text'

/** What the Studio does: an image from words or from an image, or a workflow that was imported. */
function ModeSwitch({ mode, isNarrow }: { mode: StudioMode; isNarrow: boolean }) {
  const { t } = useTranslation('studio')
  return (
    <SegmentedControl
      aria-label={t('mode.label')}
      data={modes.map((one) => ({ value: one, label: t(`mode.${one}`) }))}
      value={mode}
      fullWidth={isNarrow}
      onChange={(next) => (location.hash = next === 'text' ? hrefOf('studio') : `${hrefOf('studio')}?mode=${next}`)}
    />
  )
}

/** The switch of modes where the page has room for it: beside its title, or in a line of its own. */
export function useModeSwitch(mode: StudioMode): Pick<PageProps, 'pill' | 'bar'> {
  const isNarrow = useNarrow()
  const part = <ModeSwitch mode={mode} isNarrow={isNarrow} />
  return isNarrow ? { bar: <div className={c.modes}>{part}</div> } : { pill: part }
}
