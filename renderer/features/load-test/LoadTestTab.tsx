import { Button, Progress } from '@mantine/core'
import {
  IconActivity,
  IconBraces,
  IconDownload,
  IconPlayerPlay,
  IconPlayerStop,
  IconPrinter,
  IconTable,
} from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoadTest, LoadTestReport, Service } from '../../../shared/contract'
import { client } from '../../api/client'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { formatClock, formatDuration, formatInteger } from '../../i18n/format'
import type { MenuEntry } from '../../ui/menu-entry'
import { MenuButton } from '../../ui/MenuButton'
import { Panel } from '../../ui/Panel'
import { saveFile } from '../../ui/save-file'
import { Empty } from '../../ui/States'
import { StatusIcon, StatusLabel } from '../../ui/Status'
import { Charts } from './Charts'
import { Errors } from './Errors'
import { Figures } from './Figures'
import { Latency } from './Latency'
import { OrderDialog } from './OrderDialog'
import { useLightPrint } from './print'
import { Reports } from './Reports'
import { statusOfTest } from './view'
import c from './LoadTest.module.css'

const isUnderWay = ({ finishedAt }: LoadTest) => finishedAt === null

/** The report as files: as JSON, as it is here, and as CSV. */
function ExportButton({ report }: { report: LoadTestReport }) {
  const { t } = useTranslation('load')
  const { id, serviceId } = report
  const save = useMutation({
    mutationFn: async () => saveFile(await client.loadTests.csv({ id: serviceId, testId: id })),
  })
  const saveJson = () => {
    const name = `regie-load-test-${serviceId}-${id.slice(0, 8)}.json`
    saveFile(new File([`${JSON.stringify(report, null, 2)}\n`], name, { type: 'application/json' }))
  }
  const entries = (): MenuEntry[] => [
    { type: 'act', key: 'json', label: t('json'), icon: IconBraces, onClick: saveJson },
    { type: 'act', key: 'csv', label: t('csv'), icon: IconTable, onClick: () => save.mutate() },
  ]
  return (
    <MenuButton entries={entries}>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconDownload size={14} aria-hidden />}
        loading={save.isPending}
      >
        {t('export')}
      </Button>
    </MenuButton>
  )
}

function CancelButton({ serviceId }: { serviceId: string }) {
  const { t } = useTranslation('load')
  const cancel = useMutation(api.loadTests.cancel.mutationOptions())
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<IconPlayerStop size={14} aria-hidden />}
      loading={cancel.isPending}
      onClick={() => cancel.mutate({ id: serviceId })}
    >
      {t('cancel')}
    </Button>
  )
}

function RunButton({ isReady, isFirst, onClick }: { isReady: boolean; isFirst: boolean; onClick: () => void }) {
  const { t } = useTranslation('load')
  return (
    <Button
      size="compact-sm"
      leftSection={<IconPlayerPlay size={14} aria-hidden />}
      disabled={!isReady}
      title={isReady ? undefined : t('notReady')}
      onClick={onClick}
    >
      {t(isFirst ? 'run' : 'runAgain')}
    </Button>
  )
}

/** How far the test is, and how long the rest should take at the pace so far. */
function Running({ test: { order, figures } }: { test: LoadTest }) {
  const { t } = useTranslation('load')
  const ended = figures.done + figures.errors
  const left = ended === 0 ? null : ((order.count - ended) * figures.elapsedMs) / ended
  const words = t('running.of', { done: formatInteger(ended), count: order.count })
  return (
    <div className={c.running} role="status">
      <span className="num">
        {left === null ? words : `${words}, ${t('running.left', { time: formatDuration(left) })}`}
      </span>
      <Progress value={(100 * ended) / order.count} size={4} aria-label={t('running.label')} />
    </div>
  )
}

function Report({ report, against }: { report: LoadTestReport; against: LoadTest | null }) {
  const { t } = useTranslation('load')
  const { order, made, startedAt, conditions } = report
  const size = made && t('made', { width: made.width, height: made.height, count: made.steps })
  const about = t('about', {
    images: t('aboutImages', { count: order.count }),
    concurrency: order.concurrency,
    made: [conditions.model, size].filter(Boolean).join(', '),
  })
  return (
    <>
      <Figures test={report} against={against} />
      <div className={c.columns}>
        <Panel className={c.report} title={t('title', { when: formatClock(startedAt) })} note={about}>
          <Charts report={report} />
        </Panel>
        <div className={c.side}>
          <Latency figures={report.figures} />
          <Errors test={report} />
        </div>
      </div>
    </>
  )
}

/** How a test stands, and what can be done with it. */
function Bar({ test, report, act }: { test: LoadTest; report: LoadTestReport | undefined; act: ReactNode }) {
  const { t } = useTranslation('load')
  const { state, figures } = test
  const word = t(`state.${state}`)
  return (
    <div className={c.bar}>
      <StatusLabel
        of={statusOfTest(test)}
        word={figures.errors > 0 ? t('stateErrors', { state: word, count: figures.errors }) : word}
      />
      <span className={c.actions}>
        {report && !isUnderWay(test) && (
          <>
            <ExportButton report={report} />
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconPrinter size={14} aria-hidden />}
              onClick={() => window.print()}
            >
              {t('print')}
            </Button>
          </>
        )}
        {act}
      </span>
    </div>
  )
}

interface OpenProps {
  test: LoadTest
  against: LoadTest | null
  act: ReactNode
}

/** One test with its report. */
function Open({ test, against, act }: OpenProps) {
  const { t } = useTranslation('load')
  const { id, serviceId, state, reason } = test
  useLightPrint()
  const query = useQuery(api.loadTests.get.queryOptions({ input: { id: serviceId, testId: id } }))
  const why = reason && describeReason(reason)
  return (
    <>
      <h2 className={c.paperTitle}>{t('paperTitle', { id: serviceId })}</h2>
      <Bar test={test} report={query.data} act={act} />
      {isUnderWay(test) && <Running test={test} />}
      {why && (
        <p className={c.why} data-state={state}>
          <StatusIcon of={statusOfTest(test)} /> {why.message} {why.hint}
        </p>
      )}
      <Loaded query={query}>{(report) => <Report report={report} against={against} />}</Loaded>
    </>
  )
}

interface PageProps {
  serviceId: string
  /** The newest first; it may be under way. */
  tests: readonly LoadTest[]
  isReady: boolean
}

/** One report, and the list of all of them. */
function Page({ serviceId, tests, isReady }: PageProps) {
  const { t } = useTranslation('load')
  const [chosen, setChosen] = useState<string | null>(null)
  const [compared, setCompared] = useState<string | null>(null)
  const [isAsking, setAsking] = useState(false)
  const [newest = null] = tests
  const test = tests.find((one) => one.id === chosen) ?? newest
  const against = tests.find((one) => one.id === compared && one.id !== test?.id) ?? null
  const run = <RunButton isReady={isReady} isFirst={newest === null} onClick={() => setAsking(true)} />
  return (
    <div className={c.page}>
      {test === null ? (
        <Empty icon={IconActivity} title={t('empty.title')} action={run}>
          {t('empty.text')}
        </Empty>
      ) : (
        <Open
          key={test.id}
          test={test}
          against={against}
          act={newest && isUnderWay(newest) ? <CancelButton serviceId={serviceId} /> : run}
        />
      )}
      <Reports
        tests={tests}
        open={test?.id ?? null}
        compared={against?.id ?? null}
        onOpen={setChosen}
        onCompare={setCompared}
      />
      {isAsking && (
        <OrderDialog
          serviceId={serviceId}
          last={newest}
          onClose={() => setAsking(false)}
          onStarted={() => setChosen(null)}
        />
      )}
    </div>
  )
}

/** How many images a service makes, how long each takes, and what fails when many are asked for at once. */
export default function LoadTestTab({ service }: { service: Service }) {
  const query = useQuery(api.loadTests.list.queryOptions({ input: { id: service.id } }))
  const { health, operation, idle } = service
  // One that may be woken is asked about in the dialog, where the plan says what stands against it.
  const isReady = operation === null && (health.state === 'ready' || idle.wake)
  return (
    <Loaded query={query}>
      {({ running: now, tests }) => (
        <Page serviceId={service.id} tests={now ? [now, ...tests] : tests} isReady={isReady} key={service.id} />
      )}
    </Loaded>
  )
}
