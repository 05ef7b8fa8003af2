import { Autocomplete, Checkbox, Input, PasswordInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ComposeProjectService, ServiceKind } from '../../../../shared/contract'
import { kindIds, kinds } from '../../../../shared/kinds'
import { api } from '../../../api/query'
import c from './Add.module.css'
import { addressesOf, idOf, newCredential, type issuesOf, type RowIssue, type ServiceRow as Row } from './project-form'
import { Warning } from './Warning'

interface RowProps {
  row: Row
  service: ComposeProjectService
  change: (part: Partial<Row>) => void
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

function RowFields({ row, service, ...props }: RowProps) {
  const { t } = useTranslation('add')
  const { likeness } = service
  const { change, errorOf, issues } = props
  const kindIssue = errorOf(issues.kind)
  return (
    <div className={c.rowFields}>
      {likeness.state === 'unsure' && (
        <Warning>
          <b>{t('project.decide')}</b>
          <p>{likeness.doubts.map((doubt) => t(`project.doubt.${doubt}`)).join(' ')}</p>
        </Warning>
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
          description={idOf(row) === row.displayName.trim() ? undefined : t('project.nameId', { id: idOf(row) })}
          value={row.displayName}
          onChange={(event) => change({ displayName: event.currentTarget.value })}
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
  )
}

/** One service of a project: whether Regie shall look after it, and as what. */
export function ServiceRow({ row, service, ...props }: RowProps) {
  const { t } = useTranslation('add')
  const { container, likeness } = service
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
        onChange={(event) => props.change({ isChosen: event.currentTarget.checked })}
      />
      {row.isChosen && <RowFields row={row} service={service} {...props} />}
    </li>
  )
}
