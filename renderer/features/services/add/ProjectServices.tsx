import {
  Autocomplete,
  Button,
  Checkbox,
  Input,
  PasswordInput,
  SegmentedControl,
  Select,
  TextInput,
} from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Suspense, useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComposeProject, ComposeProjectService, ServiceKind } from '../../../../shared/contract'
import { kindIds, kinds } from '../../../../shared/kinds'
import { applyEvent } from '../../../api/cache'
import { client } from '../../../api/client'
import { api } from '../../../api/query'
import { focusFirstInvalid } from '../../../ui/focus-first-invalid'
import { navigate } from '../../../ui/route'
import { useSecretCall } from '../../../api/useSecretCall'
import { describeReason } from '../../../i18n'
import { Failure } from '../../../api/Failure'
import { LintSummary } from '../../compose/LintSummary'
import { StatusIcon } from '../../../ui/Status'
import { showDone } from '../../../ui/toast'
import c from './Add.module.css'
import { useFirstFocus } from './useFirstFocus'
import { addressesOf, issuesOf, newCredential, rowsOf, toOrder, type RowIssue, type ServiceRow } from './project-form'

interface RowProps {
  row: ServiceRow
  service: ComposeProjectService
  change: (part: Partial<ServiceRow>) => void
  errorOf: (issue: RowIssue | undefined) => string | undefined
  issues: ReturnType<typeof issuesOf>
}

function CredentialFields({ row, change, errorOf, issues }: Omit<RowProps, 'service'>) {
  const { t } = useTranslation('add')
  const credentials = useQuery(api.credentials.list.queryOptions()).data ?? []
  const scheme = row.kind === '' ? null : kinds[row.kind].scheme
  return (
    <>
      <Select
        label={t('project.credential')}
        data={[
          { value: '', label: t('project.noCredential') },
          { value: newCredential, label: t('project.newCredential') },
          ...credentials.map(({ id, scheme }) => ({ value: id, label: `${id} (${scheme})` })),
        ]}
        value={row.credentialId}
        onChange={(credentialId) => change({ credentialId: credentialId ?? '' })}
        allowDeselect={false}
      />
      {row.credentialId === newCredential && (
        <>
          <div className={c.twoFields}>
            <TextInput
              label={t('field.username')}
              placeholder="regie"
              value={row.username}
              onChange={(event) => change({ username: event.currentTarget.value })}
              autoComplete="off"
              spellCheck={false}
            />
            <PasswordInput
              label={t('project.password')}
              value={row.password}
              onChange={(event) => change({ password: event.currentTarget.value })}
              error={errorOf(issues.secret)}
              autoComplete="new-password"
            />
          </div>
          {scheme === 'basic' && /[:,]/.test(row.password) && <p className={c.note}>{t('project.unusable')}</p>}
          {scheme === 'comfyui-login' && (
            <PasswordInput
              label={t('project.token')}
              description={t('project.tokenNote')}
              value={row.token}
              onChange={(event) => change({ token: event.currentTarget.value })}
              autoComplete="new-password"
            />
          )}
          <p className={c.note}>{t('project.sinksNote')}</p>
        </>
      )}
    </>
  )
}

function Row({ row, service, ...props }: RowProps) {
  const { t } = useTranslation(['add', 'common'])
  const { change, errorOf, issues } = props
  const { container, likeness } = service
  const kindIssue = errorOf(issues.kind)
  return (
    <li className={c.row}>
      <Checkbox
        label={<b>{row.name}</b>}
        description={[
          likeness.state === 'sure'
            ? t('project.looksLike', { kind: kinds[likeness.kind].name, why: likeness.why })
            : likeness.state === 'unsure'
              ? t('project.unsure', { why: likeness.why })
              : t('project.looksNot'),
          container
            ? t('project.container', { name: container.name, state: container.state })
            : t('project.noContainer'),
        ].join(' · ')}
        checked={row.isChosen}
        onChange={(event) => change({ isChosen: event.currentTarget.checked })}
      />
      {row.isChosen && (
        <div className={c.rowFields}>
          {likeness.state === 'unsure' && (
            <section className={c.notice} data-tone="warn">
              <StatusIcon of="warning" />
              <div>
                <b>{t('project.decide')}</b>
                <p>{likeness.doubts.map((doubt) => t(`project.doubt.${doubt}`)).join(' ')}</p>
              </div>
            </section>
          )}
          <Input.Wrapper error={kindIssue}>
            <SegmentedControl<ServiceKind | ''>
              fullWidth
              data={kindIds.map((value) => ({ value, label: kinds[value].name }))}
              value={row.kind}
              onChange={(kind) => change({ kind })}
              aria-label={t('project.kindOf', { name: row.name })}
              aria-invalid={kindIssue !== undefined}
            />
          </Input.Wrapper>
          <div className={c.twoFields}>
            <TextInput
              label={t('field.name')}
              value={row.id}
              onChange={(event) => change({ id: event.currentTarget.value.toLowerCase() })}
              error={errorOf(issues.id)}
              spellCheck={false}
            />
            <Autocomplete
              size="xs"
              label={t('project.url')}
              data={addressesOf(service)}
              filter={({ options }) => options}
              value={row.url}
              onChange={(url) => change({ url: url.trim() })}
              error={errorOf(issues.url)}
              classNames={{ input: 'mono' }}
            />
          </div>
          <CredentialFields row={row} {...props} />
        </div>
      )}
    </li>
  )
}

/** Which profiles are on; another choice reads the project anew. */
function Profiles({ project, onRead }: { project: ComposeProject; onRead: (project: ComposeProject) => void }) {
  const { t } = useTranslation('add')
  const { overrides } = project
  const [file = ''] = project.files
  const read = useMutation(api.docker.readProject.mutationOptions({ meta: { quiet: true }, onSuccess: onRead }))
  if (project.profiles.length === 0) return null
  return (
    <>
      <Checkbox.Group
        label={t('project.profiles')}
        description={t('project.profilesOn')}
        value={project.activeProfiles}
        onChange={(profiles) =>
          read.mutate({
            file,
            profiles,
            ...(overrides.length > 0 && { overrides }),
            ...(project.envFile !== null && { envFile: project.envFile }),
            ...(/^[a-z0-9][a-z0-9_-]{0,62}$/.test(project.name) && { project: project.name }),
          })
        }
      >
        <div className={c.inline}>
          {project.profiles.map((profile) => (
            <Checkbox key={profile} value={profile} label={profile} disabled={read.isPending} />
          ))}
        </div>
      </Checkbox.Group>
      <Failure error={read.error} />
    </>
  )
}

/** The containers that are there have more than the files that were read give them. */
function MadeFrom({ project, onRead }: { project: ComposeProject; onRead: (project: ComposeProject) => void }) {
  const { t } = useTranslation('add')
  const read = useMutation(api.docker.readProject.mutationOptions({ meta: { quiet: true }, onSuccess: onRead }))
  const [file, ...overrides] = project.madeFrom ?? []
  if (file === undefined) return null
  const { activeProfiles: profiles, envFile } = project
  return (
    <>
      <section className={c.notice} data-tone="warn">
        <StatusIcon of="warning" />
        <div>
          <b>{t('project.madeFrom', { files: [file, ...overrides].join(', ') })}</b>{' '}
          <Button
            variant="light"
            size="compact-sm"
            loading={read.isPending}
            onClick={() =>
              read.mutate({
                file,
                overrides,
                ...(profiles.length > 0 && { profiles }),
                ...(envFile !== null && { envFile }),
              })
            }
          >
            {t('project.useFiles')}
          </Button>
        </div>
      </section>
      <Failure error={read.error} />
    </>
  )
}

interface ProjectServicesProps {
  project: ComposeProject
  onRead: (project: ComposeProject) => void
  onBack: () => void
  onClose: () => void
}

/** Which services of the project Regie shall look after, and as what. */
export function ProjectServices({ project, onRead, onBack, onClose }: ProjectServicesProps) {
  const { t } = useTranslation('add')
  const cache = useQueryClient()
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const taken = new Set(services.map(({ id }) => id))
  const [rows, setRows] = useState(() => rowsOf(project, taken))
  const [wasSent, setWasSent] = useState(false)
  const step = useFirstFocus<HTMLFormElement>()
  const chosen = rows.filter(({ isChosen }) => isChosen)
  const known = project.services.filter(({ serviceId }) => serviceId !== null)
  const adopt = useSecretCall((wanted: ServiceRow[]) => client.stacks.adopt(toOrder(project, wanted)))
  const change = (name: string, part: Partial<ServiceRow>) =>
    setRows((before) => before.map((row) => (row.name === name ? { ...row, ...part } : row)))
  const errorOf = (issue: RowIssue | undefined) => (wasSent && issue ? t(`issue.${issue}`) : undefined)
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    setWasSent(true)
    if (!chosen.every((row) => issuesOf(row, taken, rows).isSound)) {
      focusFirstInvalid(event.currentTarget)
      return
    }
    void adopt.run(rows, (made) => {
      for (const service of made) applyEvent(cache, { type: 'service', service })
      void cache.invalidateQueries({ queryKey: api.credentials.list.key() })
      showDone(t('project.done', { count: made.length }))
      onClose()
      navigate('services', made[0]?.id)
    })
  }
  const why = project.reason && describeReason(project.reason)
  const { overrides } = project
  const [file] = project.files
  return (
    <form ref={step} tabIndex={-1} className={c.stage} onSubmit={send} noValidate>
      <p className={c.lead}>
        <b>{project.name}</b> <span className="mono">{project.files.join(', ')}</span>
      </p>
      {why && (
        <section className={c.notice} data-tone="warn">
          <StatusIcon of="warning" />
          <div>
            <b>{why.message}</b> <p>{why.hint}</p>
          </div>
        </section>
      )}
      <MadeFrom project={project} onRead={onRead} />
      <Profiles project={project} onRead={onRead} />
      {known.length > 0 && (
        <p className={c.note}>
          {t('project.already', {
            names: known.map(({ name, serviceId }) => `${name} (${serviceId ?? ''})`).join(', '),
          })}
        </p>
      )}
      {rows.length === 0 ? (
        <p className={c.note}>
          {t(
            project.services.length === 0 && project.profiles.length > 0 ? 'project.chooseProfile' : 'project.nothing',
          )}
        </p>
      ) : (
        <ul className={c.rows} aria-label={t('project.which')}>
          {rows.map((row) => {
            const service = project.services.find(({ name }) => name === row.name)
            return (
              service && (
                <Row
                  key={row.name}
                  row={row}
                  service={service}
                  change={(part) => change(row.name, part)}
                  errorOf={errorOf}
                  issues={issuesOf(row, taken, rows)}
                />
              )
            )
          })}
        </ul>
      )}
      {file !== undefined && !project.reason && (
        <Suspense>
          <LintSummary
            file={file}
            {...(overrides.length > 0 && { overrides })}
            {...(project.envFile !== null && { envFile: project.envFile })}
          />
        </Suspense>
      )}
      <Failure error={adopt.error} />
      <footer className={c.foot}>
        <Button variant="default" onClick={onBack}>
          {t('back')}
        </Button>
        <Button type="submit" loading={adopt.isRunning} disabled={chosen.length === 0}>
          {t('project.adopt', { count: chosen.length })}
        </Button>
      </footer>
    </form>
  )
}
