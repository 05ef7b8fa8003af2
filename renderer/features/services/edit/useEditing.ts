import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../shared/contract'
import { serviceName } from '../../../../shared/service-name'
import { applyEvent } from '../../../api/cache'
import { client } from '../../../api/client'
import { describeError } from '../../../api/errors'
import { isProblem } from '../../../api/problem'
import { api } from '../../../api/query'
import { focusFirstInvalid } from '../../../ui/focus-first-invalid'
import { navigate } from '../../../ui/route'
import { showDone, showFailed } from '../../../ui/toast'
import { lacksSecret, type CredentialDraft } from '../connection/credential-draft'
import { freeId, isId, slugOf } from '../slug'
import { useServiceOperations } from '../useServiceOperations'
import { clashOf, configOf, copyOf } from './duplicate'
import {
  changedFields,
  demandOf,
  fieldsOf,
  formOf,
  isSame,
  mergeForms,
  type EditField,
  type EditForm,
} from './edit-form'
import { issuesOf, type Issue } from './edit-issues'
import { saveSecrets, saveService, type Unsaved } from './saving'

/** What follows when it is saved. */
type Then = 'stay' | 'restart'

interface EditingOptions {
  /** The service as it is now. */
  live: Service
  /** Whether a copy is made of it. */
  isNew: boolean
  onClose: () => void
}

/** What the form is about, and what is typed into it. */
function useForm({ live, isNew }: EditingOptions) {
  const { t } = useTranslation('edit')
  const services = useQuery(api.services.list.queryOptions()).data ?? [live]
  /** As it was when it was read; what somebody else changes meanwhile is met when it is saved. */
  const [service, setService] = useState(live)
  const [form, setForm] = useState(() =>
    isNew ? copyOf(live, t('copyOf', { name: serviceName(live) }), services) : formOf(live),
  )
  const [initial] = useState(form)
  const ids = services.map(({ id }) => id)
  const [typedId, setId] = useState<string | null>(null)
  const id = isNew ? (typedId ?? freeId(slugOf(form.name) || live.id, ids)) : live.id
  const [draft, setDraft] = useState<CredentialDraft | null>(null)
  const clash = isNew ? clashOf(service, form, services) : null
  const idIssue = isNew && ids.includes(id) ? 'idTaken' : isId(id) ? null : 'id'
  const issues: Issue[] = [...issuesOf(service, form), ...(clash ? [{ field: clash, issue: 'taken' as const }] : [])]
  return { initial, service, setService, form, setForm, id, setId, idIssue, draft, setDraft, issues } as const
}

type Typed = ReturnType<typeof useForm>

/** What is done to the service after a save; a start that failed is said with a way to try again. */
function useOperationsAfter(live: EditingOptions['live']) {
  const { t } = useTranslation(['edit', 'services'])
  return useServiceOperations(live, {
    failed: (error, start) => {
      const { message, hint } = describeError(error)
      const title = t('notStarted', { id: serviceName(live) })
      showFailed(title, `${message} ${hint}`, { label: t('services:do.start'), run: start })
    },
  })
}

/** Saves what is typed; what somebody else has changed meanwhile is met. */
function useSaving({ live, isNew, onClose }: EditingOptions, typed: Typed, demand: ReturnType<typeof demandOf>) {
  const { t } = useTranslation('edit')
  const cache = useQueryClient()
  const operations = useOperationsAfter(live)
  const { service, setService, form, setForm, id, draft, setDraft } = typed
  const [conflicts, setConflicts] = useState<{ fields: EditField[]; theirs: EditForm } | null>(null)
  const [isSaving, setSaving] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const isBusy = useRef(false)

  const write = async (then: Then, keep: (saved: Unsaved) => void) => {
    const saved = await saveSecrets({ id, kind: service.kind }, { form, draft }, keep)
    const stopsFirst = then === 'restart' && demand === 'stop'
    const after = isNew
      ? await client.services.create(configOf(service, id, saved))
      : await saveService(service, saved, { stopsFirst, onStoppedInVain: () => operations.run('start') })
    applyEvent(cache, { type: 'service', service: after })
    void cache.invalidateQueries({ queryKey: api.credentials.list.key() })
    onClose()
    if (isNew) navigate('services', after.id)
    else if (then === 'restart') operations.run(stopsFirst ? 'start' : 'restart')
    showDone(t(isNew ? 'created' : 'saved', { id: serviceName(after) }))
  }
  /** Somebody else was quicker: what only one has changed is his, the rest is asked for. */
  const meet = async (mine: EditForm) => {
    const theirs = await client.services.get({ id: live.id })
    const merged = mergeForms(service, theirs, mine)
    setService(theirs)
    setForm(merged.form)
    setConflicts({ fields: merged.conflicts, theirs: formOf(theirs) })
  }
  const save = async (then: Then) => {
    if (isBusy.current) return
    isBusy.current = true
    setSaving(true)
    setError(null)
    setConflicts(null)
    // What is in the vault by then is not put there twice.
    let mine = form
    const keep = (saved: Unsaved) => {
      mine = saved.form
      setForm(saved.form)
      setDraft(saved.draft)
    }
    try {
      await write(then, keep).catch(async (failure: unknown) => {
        if (!isProblem(failure) || failure.data.problem !== 'service.changed-meanwhile') throw failure
        await meet(mine)
      })
    } catch (failure) {
      setError(failure)
    }
    setSaving(false)
    isBusy.current = false
  }
  return { save, isSaving, error, conflicts, clear: () => setConflicts(null) }
}

/** Everything of the drawer that edits a service, or makes a copy of one. */
export function useEditing(options: EditingOptions) {
  const { live, isNew } = options
  const typed = useForm(options)
  const { initial, service, setService, form, setForm, idIssue, draft, setDraft, issues } = typed
  const [isChecked, setChecked] = useState(false)
  const formRef = useRef<HTMLFormElement>(null)
  const changed = isNew ? [] : changedFields(service, form)
  const differing = isNew ? fieldsOf(service).filter((field) => !isSame(initial[field], form[field])) : changed
  const demand = isNew ? 'nothing' : demandOf(service, live, form)
  const problems = issues.length + (idIssue ? 1 : 0) + (draft && lacksSecret(draft) ? 1 : 0)
  const { save, clear, ...saving } = useSaving(options, typed, demand)

  return {
    ...{ ...typed, ...saving, live, isNew, problems, isChecked, changed, demand, formRef },
    isDirty: isNew || changed.length > 0 || draft !== null,
    changes: differing.length + (draft ? 1 : 0),
    change: (part: Partial<EditForm>) => setForm((now) => ({ ...now, ...part })),
    /** Saves it, or leads to the first problem. */
    save: async (then: Then = 'stay') => {
      setChecked(true)
      if (problems === 0) await save(then)
      else if (formRef.current) focusFirstInvalid(formRef.current)
    },
    /** What is wrong with a field, told from the first try on, or at once where it was changed. */
    issueOf: (field: EditField, key?: number): Issue | undefined =>
      isChecked || changed.includes(field) ? issues.find((one) => one.field === field && one.key === key) : undefined,
    discard: () => {
      setForm(formOf(service))
      setDraft(null)
      clear()
      setChecked(false)
    },
    /** The service was changed from here, in another way; what is typed stays. */
    replace: (after: Service) => {
      setForm(mergeForms(service, after, form).form)
      setService(after)
    },
  }
}

export type Editing = ReturnType<typeof useEditing>
