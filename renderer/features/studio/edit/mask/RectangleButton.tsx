import { ActionIcon, Button, NumberInput, Popover } from '@mantine/core'
import { IconMarquee2 } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import c from '../Edit.module.css'
import type { MaskEditor } from './editor'
import type { Paint } from './model'

const sides = ['left', 'top', 'width', 'height'] as const
type Sides = Record<(typeof sides)[number], number>

/** Masks a rectangle by numbers: exact, and without a pointer. */
export function RectangleButton({ editor }: { editor: MaskEditor }) {
  const { t } = useTranslation('editing')
  const { width, height } = editor
  const [isOpen, setOpen] = useState(false)
  const [box, setBox] = useState<Sides>(() => ({
    ...{ left: Math.round(width / 4), top: Math.round(height / 4) },
    ...{ width: Math.round(width / 2), height: Math.round(height / 2) },
  }))
  const fill = (paint: Paint) => {
    const { left, top } = box
    editor.rectangle({ left, top, right: left + box.width, bottom: top + box.height }, paint)
    setOpen(false)
  }
  const most: Sides = { left: width, top: height, width, height }
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          className={c.tool}
          aria-label={t('mask.rectangle')}
          title={t('mask.rectangle')}
          onClick={() => setOpen(!isOpen)}
        >
          <IconMarquee2 size={17} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={c.rectangle} aria-label={t('mask.rectangle')}>
        {sides.map((side) => (
          <NumberInput
            key={side}
            label={t(`mask.${side}`)}
            value={box[side]}
            min={side === 'left' || side === 'top' ? 0 : 1}
            max={most[side]}
            allowDecimal={false}
            clampBehavior="strict"
            suffix=" px"
            onChange={(value) => typeof value === 'number' && setBox({ ...box, [side]: value })}
          />
        ))}
        <Button onClick={() => fill('add')}>{t('mask.addRectangle')}</Button>
        <Button variant="default" onClick={() => fill('remove')}>
          {t('mask.removeRectangle')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
