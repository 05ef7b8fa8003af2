import { ActionIcon } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBrush,
  IconContrast2,
  IconEraser,
  IconLasso,
  IconTrash,
  type Icon,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Tooltip } from '../../../../ui/Tooltip'
import c from '../Edit.module.css'
import { useEditor } from '../source'
import { tools, type MaskEditor, type Tool } from './editor'
import { RectangleButton } from './RectangleButton'
import { useMaskKeys } from './useMaskKeys'

const toolIcons: Record<Tool, Icon> = { brush: IconBrush, eraser: IconEraser, lasso: IconLasso }
const toolKeys: Record<Tool, string> = { brush: 'B', eraser: 'E', lasso: 'L' }

/** What paints the mask, and what undoes it. */
export function MaskTools({ editor }: { editor: MaskEditor }) {
  const { t } = useTranslation('editing')
  const { tool, canUndo, canRedo, coverage } = useEditor(editor)
  useMaskKeys(editor)
  return (
    <div className={c.toolRow} role="toolbar" aria-label={t('mask.tools')}>
      <div className={c.toolGroup}>
        {tools.map((one) => (
          <ToolButton
            key={one}
            icon={toolIcons[one]}
            label={t(`mask.${one}`)}
            keys={toolKeys[one]}
            isOn={tool === one}
            onClick={() => editor.set({ tool: one })}
          />
        ))}
        <RectangleButton editor={editor} />
      </div>
      <div className={c.toolGroup}>
        <ToolButton
          icon={IconArrowBackUp}
          label={t('mask.undo')}
          keys="Control+Z"
          isOff={!canUndo}
          onClick={editor.undo}
        />
        <ToolButton
          icon={IconArrowForwardUp}
          label={t('mask.redo')}
          keys="Control+Shift+Z"
          isOff={!canRedo}
          onClick={editor.redo}
        />
        <ToolButton icon={IconContrast2} label={t('mask.invert')} keys="I" onClick={editor.invert} />
        <ToolButton icon={IconTrash} label={t('mask.clear')} isOff={coverage === 0} onClick={editor.clear} />
      </div>
    </div>
  )
}

interface ToolButtonProps {
  icon: Icon
  label: string
  keys?: string
  isOn?: boolean
  isOff?: boolean
  onClick: () => void
}

function ToolButton({ icon: I, label, keys, isOn, isOff = false, onClick }: ToolButtonProps) {
  const shown = keys === undefined ? label : `${label} (${keys.replace('Control', 'Ctrl').replaceAll('+', ' ')})`
  return (
    <Tooltip label={shown}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        className={c.tool}
        aria-label={label}
        aria-keyshortcuts={keys}
        aria-pressed={isOn}
        // A button that goes away under the focus would leave it nowhere.
        aria-disabled={isOff || undefined}
        onClick={() => !isOff && onClick()}
      >
        <I size={17} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}
