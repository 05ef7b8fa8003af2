import { useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { inputUrl } from '../../../../api/images'
import c from '../Edit.module.css'
import { frameOf } from '../frame'
import { useEditor, type ReadySource } from '../source'
import { useStrokes } from './useStrokes'

/** The source under its mask. It is painted with pointer, pen and finger, or with arrows and Space. */
export function MaskStage({ source }: { source: ReadySource }) {
  const { t } = useTranslation('editing')
  const { id, width, height, editor } = source
  const canvas = useRef<HTMLCanvasElement>(null)
  const help = useId()
  const { tool, size, feather } = useEditor(editor)
  const { ring, line, pointer, keys } = useStrokes(editor)
  useEffect(() => (canvas.current ? editor.show(canvas.current) : undefined), [editor])
  return (
    <div className={c.well}>
      <div
        className={c.stage}
        style={frameOf(width / height)}
        data-tool={tool}
        role="application"
        aria-label={t('mask.stage')}
        aria-describedby={help}
        tabIndex={0}
        {...pointer}
        {...keys}
      >
        <img src={inputUrl(id)} alt={t('images.source')} draggable={false} />
        <canvas ref={canvas} aria-hidden />
        <svg viewBox={`0 0 ${width} ${height}`} aria-hidden>
          <g ref={ring} className={c.ring}>
            <circle r={size / 2} />
            <circle r={size / 2} />
            {feather > 0 && <circle r={size / 2 + feather} />}
          </g>
          <polyline ref={line} />
        </svg>
      </div>
      <p id={help} className="visually-hidden">
        {t('mask.help')}
      </p>
    </div>
  )
}
