import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes, formatDuration } from '../../../i18n/format'
import { Ago } from '../../../ui/Ago'
import { PanelAction } from '../../../ui/Panel'
import { FavouriteButton } from '../Notes'
import { shortModel } from '../short-model'
import c from './Compare.module.css'
import { compared, marked, type Line, type Piece } from './differences'
import type { Result } from './Stages'

const Marked = ({ pieces }: { pieces: Piece[] }) => (
  <>{pieces.map(({ text, isOwn }, index) => (isOwn ? <mark key={index}>{text}</mark> : text))}</>
)

const shortOf = (name: Line['name'], value: string) => (name === 'model' ? shortModel(value) : value)

function Different({ line: { name, a, b } }: { line: Line }) {
  const { t } = useTranslation('compare')
  const isProse = name === 'prompt' || name === 'negative'
  const pieces = isProse ? marked(a, b) : null
  const none = <span className="dim">–</span>
  return (
    <div data-differs data-prose={isProse || undefined}>
      <dt>{t(`name.${name}`)}</dt>
      <dd title={a}>{a === '' ? none : pieces ? <Marked pieces={pieces.a} /> : shortOf(name, a)}</dd>
      <dd title={b}>{b === '' ? none : pieces ? <Marked pieces={pieces.b} /> : shortOf(name, b)}</dd>
    </div>
  )
}

/** How it was measured: time in all, time a step, and the file. */
function Measured({ a, b }: { a: Result; b: Result }) {
  const { t } = useTranslation('compare')
  const total = ({ generation: { timings } }: Result) =>
    timings.totalMs === null ? '–' : formatDuration(timings.totalMs)
  const step = ({ generation: { timings, params } }: Result) =>
    timings.sampleMs === null || !params.steps ? '–' : formatDuration(timings.sampleMs / params.steps)
  const file = ({ image }: Result) => formatBytes(image.bytes)
  const lines = [
    ['total', total],
    ['step', step],
    ['file', file],
  ] as const
  return (
    <dl className={c.rows}>
      {lines.map(([name, of]) => (
        <div key={name}>
          <dt>{t(`measured.${name}`)}</dt>
          <dd>{of(a)}</dd>
          <dd>{of(b)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What differs first, then what was measured, then what is the same, folded. */
export function Parameters({ a, b }: { a: Result; b: Result }) {
  const { t } = useTranslation('compare')
  const [isOpen, setOpen] = useState(false)
  const { different, same } = compared(a.generation, b.generation)
  return (
    <aside className={c.panel} aria-label={t('parameters')}>
      <div className={c.heads}>
        <span />
        {(['a', 'b'] as const).map((letter) => {
          const { generation } = letter === 'a' ? a : b
          return (
            <div key={letter}>
              <span className={c.letter} data-of={letter}>
                {letter.toUpperCase()}
              </span>
              <b>{generation.serviceId}</b>
              <Ago at={generation.createdAt} />
              <FavouriteButton generation={generation} variant="subtle" />
            </div>
          )
        })}
      </div>
      <h2 className={c.group}>
        {t('different')}
        <span>{t('count', { count: different.length })}</span>
      </h2>
      <dl className={c.rows}>
        {different.map((line) => (
          <Different key={line.name} line={line} />
        ))}
      </dl>
      <h2 className={c.group}>{t('measured.title')}</h2>
      <Measured a={a} b={b} />
      <h2 className={c.group}>
        {t('same')}
        <span>{t('count', { count: same.length })}</span>
        <PanelAction onClick={() => setOpen(!isOpen)}>{t(isOpen ? 'hide' : 'showAll')}</PanelAction>
      </h2>
      {isOpen && (
        <dl className={c.rows}>
          {same.map(({ name, a: value }) => (
            <div key={name}>
              <dt>{t(`name.${name}`)}</dt>
              <dd data-wide>{shortOf(name, value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </aside>
  )
}
