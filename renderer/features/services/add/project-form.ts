import type {
  AdoptOrder,
  ComposeProject,
  ComposeProjectService,
  GuessDoubt,
  Scheme,
  ServiceKind,
} from '../../../../shared/contract'
import { kinds } from '../../../../shared/kinds'
import { isBaseUrl } from '../new-service'
import { freeId, idOfName, isId } from '../slug'

/** What is asked about one service of the project. */
export interface ServiceRow {
  name: string
  isChosen: boolean
  /** What it is to be called; its id is made of it. */
  displayName: string
  /** Empty where it is not sure: the person says which. */
  kind: ServiceKind | ''
  /** Empty where it is not sure: the person says where. */
  url: string
  /** Empty: none; `new`: one that is described below; else one of the vault. */
  credentialId: string
  username: string
  password: string
  token: string
}

export type RowIssue = 'id' | 'idTaken' | 'kind' | 'url' | 'secret'
export const newCredential = ':new'

export const idOf = ({ displayName }: Pick<ServiceRow, 'displayName'>): string => idOfName(displayName)

/** A row for each service that is not looked after yet; those that surely are a backend are chosen. */
export function rowsOf(project: ComposeProject, taken: readonly string[]): ServiceRow[] {
  return project.services
    .filter(({ serviceId }) => serviceId === null)
    .map((service) => {
      const { name, guess } = service
      const { kind, url } = knownOf(service)
      return {
        name,
        isChosen: guess !== null,
        displayName: freeId(idOfName(name.toLowerCase()), taken),
        kind,
        url,
        credentialId: '',
        username: '',
        password: '',
        token: '',
      }
    })
}

const aboutKind: ReadonlySet<GuessDoubt> = new Set(['name-only', 'weak', 'two-kinds', 'helper'] as const)

/** What is known of a service without a doubt; what is not, stays empty. */
function knownOf({ likeness }: ComposeProjectService): Pick<ServiceRow, 'kind' | 'url'> {
  switch (likeness.state) {
    case 'sure':
      return { kind: likeness.kind, url: likeness.url }
    case 'unsure': {
      const { kind, urls, doubts } = likeness
      const isPlaceSure = doubts.every((doubt) => aboutKind.has(doubt))
      return {
        kind: doubts.some((doubt) => aboutKind.has(doubt)) ? '' : (kind ?? ''),
        url: (isPlaceSure && urls[0]) || '',
      }
    }
    case 'neither':
      return { kind: '', url: '' }
  }
}

/** Addresses at which a service may answer, to choose from. */
export function addressesOf({ likeness, ports }: ComposeProjectService): string[] {
  if (likeness.state === 'sure') return [likeness.url]
  if (likeness.state === 'unsure') return likeness.urls
  const published = ports.filter(({ hostPort }) => hostPort > 0)
  return [...new Set(published.map(({ hostPort }) => `http://127.0.0.1:${hostPort}`))]
}

/** What keeps a chosen row from being sent, by field. */
export function issuesOf(row: ServiceRow, taken: readonly string[], others: readonly ServiceRow[]) {
  const wanted = idOf(row)
  const isTwice = others.some((other) => other !== row && other.isChosen && idOf(other) === wanted)
  const id: RowIssue | undefined = !isId(wanted) ? 'id' : taken.includes(wanted) || isTwice ? 'idTaken' : undefined
  const kind: RowIssue | undefined = row.kind === '' ? 'kind' : undefined
  const url: RowIssue | undefined = isBaseUrl(row.url) ? undefined : 'url'
  const isMissing = row.credentialId === newCredential && row.password === '' && row.token === ''
  const secret: RowIssue | undefined = isMissing ? 'secret' : undefined
  return { id, kind, url, secret, isSound: !id && !kind && !url && !secret }
}

const given = (text: string) => (text.trim() === '' ? undefined : text.trim())

/** The rows as the panel takes them. Where the project's files lie goes with each service. */
export function toOrder(project: ComposeProject, rows: readonly ServiceRow[]): AdoptOrder {
  const { overrides } = project
  const [file = ''] = project.files
  return {
    project: {
      file,
      project: project.name,
      ...(overrides.length > 0 && { overrides }),
      ...(project.activeProfiles.length > 0 && { profiles: project.activeProfiles }),
      ...(project.envFile !== null && { envFile: project.envFile }),
    },
    services: rows.flatMap((row) => {
      const { kind } = row
      if (!row.isChosen || kind === '') return []
      const [id, name] = [idOf(row), row.displayName.trim()]
      return {
        id,
        ...(name !== id && { name }),
        kind,
        url: row.url.trim(),
        service: row.name,
        gpuUuid: project.services.find(({ name }) => name === row.name)?.gpuUuid ?? undefined,
        ...credentialOf(row, kinds[kind].scheme),
        writesSinks: false,
      }
    }),
  }
}

function credentialOf(
  row: ServiceRow,
  scheme: Scheme,
): Pick<AdoptOrder['services'][number], 'credentialId' | 'credential'> {
  if (row.credentialId === '') return {}
  if (row.credentialId !== newCredential) return { credentialId: row.credentialId }
  return {
    credential: {
      id: idOf(row),
      scheme,
      username: given(row.username),
      password: row.password === '' ? undefined : row.password,
      ...(scheme === 'comfyui-login' && { token: given(row.token) }),
      sinks: [],
    },
  }
}
