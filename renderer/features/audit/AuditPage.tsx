import { Button, CloseButton, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDownload, IconHistory, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditCheck, AuditEntry } from '../../../shared/contract'
import { client } from '../../api/client'
import { api, queryClient } from '../../api/query'
import { Age, Ago } from '../../ui/Ago'
import { Page } from '../../ui/Page'
import { Facts, Panel, PanelAction } from '../../ui/Panel'
import { Failure } from '../../api/Failure'
import { CopyIcon, Empty, Loading } from '../../ui/States'
import { StatusLabel } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import { describeReason } from '../../i18n'
import { saveFile } from '../../ui/save-file'
import { showDone } from '../../ui/toast'
import narrow from '../../ui/NarrowRows.module.css'
import c from './Audit.module.css'
import { Loaded } from '../../api/Loaded'

const topics = ['all', 'credential', 'rotation', 'sink', 'vault', 'leaks', 'shell', 'access', 'gpu', 'audit'] as const
type Topic = (typeof topics)[number]
const isTopic = (text: string | null): text is Topic => (topics as readonly (string | null)[]).includes(text)

interface Filter {
  search: string
  topic: Topic
}

function Filters({ filter, onFilter }: { filter: Filter; onFilter: (filter: Filter) => void }) {
  const { t } = useTranslation('audit')
  return (
    <div className={c.filters} role="search">
      <TextInput
        className={c.search}
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={filter.search}
        onChange={(event) => onFilter({ ...filter, search: event.currentTarget.value })}
        maxLength={200}
        rightSection={
          filter.search !== '' && (
            <CloseButton size="sm" aria-label={t('clear')} onClick={() => onFilter({ ...filter, search: '' })} />
          )
        }
      />
      <Select
        aria-label={t('topic')}
        data={topics.map((value) => ({ value, label: t(`topics.${value}`) }))}
        value={filter.topic}
        onChange={(topic) => onFilter({ ...filter, topic: isTopic(topic) ? topic : 'all' })}
      />
    </div>
  )
}

/** Paths, fingerprints and counts of an entry, as it was written down. */
const detailsOf = ({ details }: AuditEntry) =>
  Object.entries(details)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ')

function Entries({ entries }: { entries: AuditEntry[] }) {
  const { t } = useTranslation('audit')
  return (
    <table className={`${narrow.rows} ${c.table}`}>
      <thead>
        <tr>
          {(['when', 'who', 'action', 'target', 'details'] as const).map((column) => (
            <th key={column} scope="col">
              {t(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.seq}>
            <td className={c.when}>
              <Ago at={entry.at} />
            </td>
            <td>{entry.who}</td>
            <td className="mono">{entry.action}</td>
            <td className="mono">{entry.target}</td>
            <td className={`mono ${c.details}`} title={detailsOf(entry)}>
              {detailsOf(entry)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Chain({ check, again, isBusy }: { check: AuditCheck; again: () => void; isBusy: boolean }) {
  const { t } = useTranslation('audit')
  const damage = check.damage && describeReason(check.damage)
  return (
    <Panel
      title={t('chain.title')}
      action={
        <PanelAction onClick={again} loading={isBusy}>
          {t('chain.again')}
        </PanelAction>
      }
    >
      <StatusLabel
        of={damage ? 'unhealthy' : 'ready'}
        word={damage ? t('chain.broken') : t('chain.whole')}
        detail={<Age since={check.checkedAt} />}
      />
      <p className={c.text}>{damage ? `${damage.message} ${damage.hint}` : t('chain.wholeText')}</p>
      {check.brokenBefore && <Before before={check.brokenBefore} />}
      {check.lastHash !== null && (
        <>
          <Facts
            labelWidth={110}
            rows={[
              [
                t('chain.last'),
                <span key="hash" className={c.hash}>
                  <code>{check.lastHash}</code>
                  <CopyIcon value={check.lastHash} label={t('chain.last')} />
                </span>,
              ],
            ]}
          />
          <p className={c.text}>{t('chain.note')}</p>
        </>
      )}
    </Panel>
  )
}

/** What broke the log before this one, where it is kept, and the word that somebody has seen it. */
function Before({ before }: { before: NonNullable<AuditCheck['brokenBefore']> }) {
  const { t } = useTranslation('audit')
  const { message, hint } = describeReason(before.reason)
  const acknowledge = useMutation(
    api.audit.acknowledge.mutationOptions({
      onSuccess: (check) => {
        queryClient.setQueryData(api.audit.check.queryKey(), check)
        void queryClient.invalidateQueries({ queryKey: api.audit.list.key() })
        void queryClient.invalidateQueries({ queryKey: api.system.about.key() })
        void queryClient.invalidateQueries({ queryKey: api.attention.key() })
        showDone(t('chain.before.done'))
      },
    }),
  )
  return (
    <div className={c.before}>
      <StatusLabel
        of={before.isAcknowledged ? 'notice' : 'warning'}
        word={t('chain.before.word')}
        detail={<Ago at={before.at} />}
      />
      <p className={c.text}>{`${message} ${hint}`}</p>
      {before.kept !== null && (
        <Facts
          labelWidth={110}
          rows={[
            [
              t('chain.before.kept'),
              <span key="kept" className={c.hash}>
                <code>{before.kept}</code>
                <CopyIcon value={before.kept} label={t('chain.before.kept')} />
              </span>,
            ],
          ]}
        />
      )}
      {before.isAcknowledged ? (
        <p className={c.text}>{t('chain.before.acknowledged')}</p>
      ) : (
        <Button variant="default" onClick={() => acknowledge.mutate(undefined)} loading={acknowledge.isPending}>
          {t('chain.before.acknowledge')}
        </Button>
      )}
      <Failure error={acknowledge.error} />
    </div>
  )
}

/** The pages of the log that were fetched so far, newest first. */
const useEntries = ({ search, topic }: Filter) =>
  useInfiniteQuery(
    api.audit.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        ...(search === '' ? {} : { search }),
        ...(topic === 'all' ? {} : { topic }),
        ...(cursor === undefined ? {} : { cursor }),
      }),
      initialPageParam: undefined,
      getNextPageParam: (last) => last.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  )

function Download() {
  const { t } = useTranslation('audit')
  const download = useMutation({ mutationFn: async () => saveFile(await client.audit.download()) })
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} stroke={1.6} />}
      onClick={() => download.mutate()}
      loading={download.isPending}
    >
      {t('download')}
    </Button>
  )
}

/** Who did what, and whether the log is as Regie wrote it. */
export default function AuditPage() {
  const { t } = useTranslation(['audit', 'common'])
  const [filter, setFilter] = useState<Filter>({ search: '', topic: 'all' })
  const [search] = useDebouncedValue(filter.search.trim(), 250)
  const isFiltering = search !== '' || filter.topic !== 'all'
  const check = useQuery(api.audit.check.queryOptions())
  const list = useEntries({ ...filter, search })
  const entries = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page
      title={t('title')}
      parent={{ label: t('common:nav.settings'), href: hrefOf('settings') }}
      lead={check.data && t('lead', { count: check.data.entries })}
      actions={<Download />}
    >
      <div className={c.page}>
        <Panel flush>
          <Filters filter={filter} onFilter={setFilter} />
          <Loaded query={list} loading={<Loading rows={8} />}>
            {() =>
              entries.length === 0 ? (
                <Empty icon={IconHistory} title={t(isFiltering ? 'none.title' : 'empty.title')}>
                  {t(isFiltering ? 'none.text' : 'empty.text')}
                </Empty>
              ) : (
                <>
                  <Entries entries={entries} />
                  <div className={c.end}>
                    {list.hasNextPage ? (
                      <Button
                        variant="subtle"
                        color="gray"
                        onClick={() => void list.fetchNextPage()}
                        loading={list.isFetchingNextPage}
                      >
                        {t('more')}
                      </Button>
                    ) : (
                      !isFiltering && <span className={c.quiet}>{t('end')}</span>
                    )}
                  </div>
                </>
              )
            }
          </Loaded>
        </Panel>
        <Loaded query={check}>
          {(data) => <Chain check={data} again={() => void check.refetch()} isBusy={check.isFetching} />}
        </Loaded>
      </div>
    </Page>
  )
}
