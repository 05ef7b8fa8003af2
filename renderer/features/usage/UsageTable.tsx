import { useTranslation } from 'react-i18next'
import type { UsageAnswer, UsageBy, UsageRow } from '../../../shared/contract'
import { formatInteger, formatSize } from '../../i18n/format'
import { hrefOf } from '../../ui/route'
import { bytesOf, changeOf, keyOf, shades } from './model'
import { useRowName } from './useRowName'
import { changed, gpuText } from './words'
import c from './Usage.module.css'

/** So many parts of a row have a pattern of their own. */
const patterns = 3

export interface TableProps {
  by: UsageBy
  rows: readonly UsageRow[]
  /** The parts that are told apart by pattern, as the legend names them. */
  parts: readonly (string | null)[]
  before: UsageAnswer | undefined
  /** What the month before is called. */
  beforeName: string
  shadeOf: (key: string) => number
  onShow: (key: string | null) => void
}

/** Which pattern a part has: those that are large in all, then the rest. */
const patternOf = (parts: readonly (string | null)[], id: string | null): number => {
  const at = parts.indexOf(id)
  return at < 0 || at >= patterns - 1 ? patterns - 1 : at
}

function Share({ row, largest, parts }: { row: UsageRow; largest: number } & Pick<TableProps, 'parts'>) {
  const seconds = row.figures.gpuSeconds ?? 0
  if (seconds === 0 || largest === 0) return null
  return (
    <span className={c.share} style={{ width: `${Math.max(1, (seconds / largest) * 100)}%` }} aria-hidden>
      {[...row.parts]
        .sort((a, b) => patternOf(parts, a.id) - patternOf(parts, b.id))
        .map(({ id, gpuSeconds }) =>
          (gpuSeconds ?? 0) === 0 ? null : (
            <span key={id ?? ''} data-pattern={patternOf(parts, id)} style={{ flexGrow: gpuSeconds ?? 0 }} />
          ),
        )}
    </span>
  )
}

function Change({ row, before }: { row: UsageRow; before: UsageAnswer | undefined }) {
  const { t } = useTranslation('usage')
  if (!before) return null
  const then = before.rows.find((each) => keyOf(each) === keyOf(row))
  if (!then || then.figures.jobs === 0) return row.figures.jobs > 0 ? t('new') : null
  const change = changeOf(row.figures.gpuSeconds, then.figures.gpuSeconds)
  return change === null ? null : changed(t, change)
}

function Name({ by, row }: { by: UsageBy; row: UsageRow }) {
  const nameOf = useRowName()
  const name = nameOf(row)
  const href =
    by === 'service' ? row.id && hrefOf('services', row.id) : hrefOf('people', row.user?.id ?? row.id ?? undefined)
  return href === null ? name : <a href={href}>{name}</a>
}

function Head({ by, beforeName }: Pick<TableProps, 'by' | 'beforeName'>) {
  const { t } = useTranslation('usage')
  return (
    <thead>
      <tr>
        <th scope="col">{t(`of.${by}`)}</th>
        <th scope="col" data-right>
          {t('figure.gpu')}
        </th>
        <th scope="col" data-share>
          {t(by === 'service' ? 'partsOfPeople' : 'partsOfServices')}
        </th>
        <th scope="col" data-right>
          {t('figure.images')}
        </th>
        <th scope="col" data-right>
          {t('figure.jobs')}
        </th>
        <th scope="col" data-right data-wide>
          {t('data')}
        </th>
        <th scope="col" data-right data-wide>
          {t('refused')}
        </th>
        <th scope="col" data-right data-wide>
          {t('againstMonth', { month: beforeName })}
        </th>
      </tr>
    </thead>
  )
}

/** The rows that the chart's shades stand for: the chart's legend. */
export function UsageTable({ by, rows, parts, before, beforeName, shadeOf, onShow }: TableProps) {
  const { t } = useTranslation('usage')
  const largest = Math.max(0, ...rows.map(({ figures }) => figures.gpuSeconds ?? 0))
  return (
    <table className={c.table}>
      <Head by={by} beforeName={beforeName} />
      <tbody>
        {rows.map((row) => {
          const key = keyOf(row)
          const { figures } = row
          return (
            <tr
              key={key}
              onMouseEnter={() => onShow(key)}
              onMouseLeave={() => onShow(null)}
              onFocus={() => onShow(key)}
              onBlur={() => onShow(null)}
            >
              <th scope="row">
                <span className={c.name}>
                  <span className={c.swatch} data-shade={Math.min(shadeOf(key), shades)} aria-hidden />
                  <Name by={by} row={row} />
                </span>
              </th>
              <td data-right className={c.strong}>
                {gpuText(t, figures.gpuSeconds)}
              </td>
              <td data-share>
                <Share row={row} largest={largest} parts={parts} />
              </td>
              <td data-right>{formatInteger(figures.images)}</td>
              <td data-right>{formatInteger(figures.jobs)}</td>
              <td data-right data-wide>
                {formatSize(bytesOf(figures))}
              </td>
              <td data-right data-wide data-warns={figures.refused > 0 || undefined} className={c.quiet}>
                {formatInteger(figures.refused)}
              </td>
              <td data-right data-wide className={c.quiet}>
                <Change row={row} before={before} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
