import { Button, SegmentedControl } from '@mantine/core'
import { IconDownload, IconZoomOut } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GpuHistory } from '../../../../shared/contract'
import { client } from '../../../api/client'
import { Loaded } from '../../../api/Loaded'
import { useNarrow } from '../../../ui/narrow'
import { Panel } from '../../../ui/Panel'
import { saveFile } from '../../../ui/save-file'
import { CardFrame } from '../CardFrame'
import { Charts } from './Charts'
import { csvOf } from './csv'
import { FiguresTable, Totals } from './Figures'
import { MarkLegend } from './Lanes'
import { Events, ReadingPanel } from './Side'
import { msOf, readingAt, refreshMs, spans, zoomed, type Range } from './view'
import { stretchOf } from './when'
import c from './History.module.css'

const usual: Range = { span: '360' }

/** Points of a chart: about one for two px of its width. */
const points = 400

interface ShownProps {
  history: GpuHistory
  range: Range
  onRange: (range: Range) => void
}

function Shown({ history, range, onRange }: ShownProps) {
  const { t } = useTranslation('cardHistory')
  /** When the crosshair stands, Unix ms: it stays at its time while new points come. */
  const [at, setAt] = useState<number | null>(null)
  const isNarrow = useNarrow()
  const last = history.times.length - 1
  const isInside = at !== null && at >= history.from && at < history.to
  const point = isInside ? Math.min(last, Math.floor((at - history.from) / history.stepMs)) : null
  const reading = point === null ? null : readingAt(history, point)
  return (
    <div className={c.page}>
      <Totals history={history} />
      <div className={c.columns}>
        <Panel
          title={stretchOf(history)}
          note={isNarrow ? undefined : t('bands')}
          action={
            'span' in range ? undefined : (
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<IconZoomOut size={14} />}
                onClick={() => onRange(usual)}
              >
                {t('zoomOut')}
              </Button>
            )
          }
        >
          <MarkLegend />
          <Charts
            {...{ history, point, reading, onRange }}
            onPoint={(next) => setAt(next === null ? null : (history.times[next] ?? null))}
            onZoom={(by) => onRange(zoomed(range, by))}
            onHome={() => {
              setAt(null)
              onRange(usual)
            }}
          />
        </Panel>
        <div className={c.side}>
          <ReadingPanel reading={reading ?? readingAt(history, last)} history={history} />
          <Events history={history} reading={reading} />
        </div>
      </div>
      <FiguresTable history={history} />
    </div>
  )
}

/** What one card did, from a minute to thirty days. */
export default function HistoryPage({ uuid }: { uuid: string }) {
  const { t } = useTranslation(['cardHistory', 'common'])
  const [range, setRange] = useState<Range>(usual)
  const isNarrow = useNarrow()
  const query = useQuery({
    queryKey: ['gpu-history', uuid, range],
    queryFn: () => {
      const to = Date.now()
      const asked =
        'span' in range
          ? { from: to - msOf(range.span), to }
          : { from: Math.round(range.from), to: Math.round(range.to) }
      return client.gpus.history({ uuid, ...asked, points })
    },
    refetchInterval: refreshMs(range),
    placeholderData: keepPreviousData,
  })
  const { data } = query
  const control = (
    <SegmentedControl
      size="xs"
      aria-label={t('span.label')}
      value={'span' in range ? range.span : ''}
      onChange={(value) => setRange({ span: spans.find((one) => one === value) ?? '360' })}
      data={spans.map((value) => ({ value, label: t(`span.${value}`) }))}
    />
  )
  return (
    <CardFrame
      uuid={uuid}
      current="history"
      actions={
        <>
          {!isNarrow && control}
          <Button
            variant="default"
            leftSection={<IconDownload size={15} stroke={1.6} />}
            disabled={!data}
            onClick={() => data && saveFile(new File([csvOf(data)], `gpu-${uuid}.csv`, { type: 'text/csv' }))}
          >
            CSV
          </Button>
        </>
      }
    >
      {isNarrow && <div className={c.control}>{control}</div>}
      <Loaded query={query}>{(history) => <Shown {...{ history, range }} onRange={setRange} />}</Loaded>
    </CardFrame>
  )
}
