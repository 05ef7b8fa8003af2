import { Button, Progress } from '@mantine/core'
import { IconDoor } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExposureTest, Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { Ago } from '../../ui/Ago'
import { Grade } from './Grade'
import { Facts, Panel } from '../../ui/Panel'
import { Empty } from '../../ui/States'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import { ExposureTable } from './ExposureTable'
import c from './Exposure.module.css'
import { Loaded } from '../../api/Loaded'

/** Shown as written in the core (`electron/exposure/grade.ts`). */
const rule = [
  ['control', 'F', 'D'],
  ['unclear', 'E', 'C'],
  ['data', 'D', 'B'],
  ['facts', 'C', 'A'],
  ['plain', 'B', 'A'],
] as const

function Rule() {
  const { t } = useTranslation('exposure')
  return (
    <Panel title={t('rule.title')}>
      <p className={c.ruleText}>{t('rule.text')}</p>
      <table className={c.rule}>
        <thead>
          <tr>
            <th scope="col">{t('rule.what')}</th>
            <th scope="col">{t('rule.network')}</th>
            <th scope="col">{t('rule.local')}</th>
          </tr>
        </thead>
        <tbody>
          {rule.map(([what, network, local]) => (
            <tr key={what}>
              <th scope="row">{t(`rule.${what}`)}</th>
              <td>{network}</td>
              <td>{local}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

/** Starts a test, or ends the one that runs. */
function RunButton({ service, test }: { service: Service; test: ExposureTest | null }) {
  const { t } = useTranslation('exposure')
  const { id } = service
  const run = useMutation(api.exposure.run.mutationOptions())
  const cancel = useMutation(api.exposure.cancel.mutationOptions())
  if (!useIsAdmin()) return null
  return test?.state === 'running' ? (
    <Button variant="default" onClick={() => cancel.mutate({ id })} loading={cancel.isPending}>
      {t('cancel')}
    </Button>
  ) : (
    <Button
      variant="light"
      leftSection={<IconDoor size={16} stroke={1.6} />}
      onClick={() => run.mutate({ id, wait: false })}
      loading={run.isPending}
    >
      {t(test ? 'again' : 'run')}
    </Button>
  )
}

function Running({ test: { progress } }: { test: ExposureTest }) {
  const { t } = useTranslation('exposure')
  return (
    <div className={c.running} role="status">
      <span className="num">{t('running', progress)}</span>
      <Progress value={(100 * progress.done) / Math.max(1, progress.total)} size={4} aria-label={t('progress')} />
    </div>
  )
}

function Verdict({ test }: { test: ExposureTest }) {
  const { t } = useTranslation('exposure')
  const { grade, reason, state } = test
  const told = reason && describeReason(reason)
  const title = told ? told.message : state === 'cancelled' ? t('stopped') : grade && t(`grade.${grade}`)
  return (
    <div className={c.verdict}>
      <Grade grade={grade} size="large" />
      <div className={c.verdictText}>
        <h3>
          <span className="visually-hidden">{t('grade.label', { grade: grade ?? t('grade.none') })}. </span>
          {title}
        </h3>
        {told && <p>{told.hint}</p>}
        {test.finishedAt !== null && (
          <small>
            <Ago at={test.finishedAt} />, {t(`trigger.${test.trigger}`)}
          </small>
        )}
      </div>
    </div>
  )
}

function Binding({ binding }: { binding: NonNullable<ExposureTest['binding']> }) {
  const { t } = useTranslation('exposure')
  const list = (items: string[]) => <span className="mono">{items.join(', ') || t('bound.nothing')}</span>
  return (
    <div className={c.bindings}>
      <Facts
        labelWidth={112}
        rows={[
          [
            t('bound.live'),
            <>
              {list(binding.live)} <span className="dim">{t(`bound.source.${binding.source}`)}</span>
            </>,
          ],
          ['', t(`bound.${binding.reach}`)],
          [t('bound.file'), binding.file === null ? null : list(binding.file)],
          [
            t('bound.others'),
            binding.otherPorts.length === 0 ? null : (
              <>
                {list(binding.otherPorts)} <span className="dim">{t('bound.othersNote')}</span>
              </>
            ),
          ],
        ]}
      />
    </div>
  )
}

function Findings({ test }: { test: ExposureTest }) {
  const { t } = useTranslation('exposure')
  if (test.grade === null) return null
  return (
    <Panel title={t('findings')} note={test.findings.length || undefined}>
      {test.findings.length === 0 ? (
        <p className="mid">{t('noFindings')}</p>
      ) : (
        <ul className={c.findings}>
          {test.findings.map(({ grade, reason, rows }) => {
            const { message, hint } = describeReason(reason)
            return (
              <li key={`${reason.problem} ${rows.join(' ')}`} title={t('gradeAlone', { grade })}>
                <Grade grade={grade} />
                <div>
                  <h3>{message}</h3>
                  <p>{hint}</p>
                </div>
              </li>
            )
          })}
        </ul>
      )}
    </Panel>
  )
}

interface ExposureTabProps {
  service: Service
  /** Offers to close its port to the network, where that can be. */
  closing?: ReactNode
}

interface TestedProps extends ExposureTabProps {
  test: ExposureTest
}

function Tested({ service, test, closing }: TestedProps) {
  const { t } = useTranslation('exposure')
  const isRunning = test.state === 'running'
  const isAdmin = useIsAdmin()
  return (
    <div className={c.page}>
      <div className={c.top}>
        <div className={c.left}>
          <Panel title={t('title')} note={t('note')} action={<RunButton service={service} test={test} />}>
            {isRunning ? <Running test={test} /> : <Verdict test={test} />}
            {test.binding && <Binding binding={test.binding} />}
            {!isRunning && isAdmin && test.binding?.reach === 'network' && <div className={c.closing}>{closing}</div>}
          </Panel>
          {!isRunning && <Findings test={test} />}
        </div>
        <Rule />
      </div>
      <ExposureTable test={test} />
    </div>
  )
}

/** What answers a stranger at this service's door, and how bad that is. */
export default function ExposureTab({ service, closing }: ExposureTabProps) {
  const { t } = useTranslation('exposure')
  const isAdmin = useIsAdmin()
  const query = useQuery(api.exposure.get.queryOptions({ input: { id: service.id } }))
  return (
    <Loaded query={query}>
      {(test) =>
        test ? (
          <Tested service={service} test={test} closing={closing} />
        ) : (
          <Empty icon={IconDoor} title={t('empty.title')} action={<RunButton service={service} test={null} />}>
            {t('empty.text', { id: service.id })} {!isAdmin && t('empty.admin')}
          </Empty>
        )
      }
    </Loaded>
  )
}
