import * as z from 'zod'
import { gives, procedure, ReasonSchema, RecordId, Slug, Timestamp } from './base'
import { ModelDownload, ModelDownloadPlan, Sha256, WantedDownload } from './model-downloads'

/** What a file of a model is to a service. */
export const ModelRole = z.enum([
  'checkpoint',
  'diffusion-model',
  'text-encoder',
  'vae',
  'lora',
  'controlnet',
  'upscaler',
  'embedding',
  'other',
])
export type ModelRole = z.infer<typeof ModelRole>

const bytes = z.number().int().nonnegative()

/**
 * Whether a service can load a file that it sees. `wrong-folder`: it looks for another kind of file there.
 * `other-family`: its program does not know the family. `unknown`: nothing says of which family the file is.
 */
const ModelLoads = z.object({ id: Slug, loads: z.enum(['yes', 'wrong-folder', 'other-family', 'unknown']) })

/** A file of a model, once for all names that it has on its disk. */
export const LibraryFile = z.object({
  id: RecordId,
  /** Its name below its folder. */
  name: z.string(),
  /** Where it lies on this machine. */
  path: z.string(),
  /** The folder that services look for it in, e.g. `checkpoints`. */
  folder: z.string(),
  role: ModelRole,
  /** Its family, where its header or its name tells one. */
  family: z.string().nullable(),
  bytes,
  modifiedAt: Timestamp,
  /**
   * `read`: its header was read. `refused`: what stands there is none, or beyond what is read. `none`: a kind of file
   * without a header that can be read without running it.
   */
  header: z.enum(['read', 'refused', 'none', 'waiting']),
  /** Whether to load it can run code that somebody has put in it. */
  runsCode: z.boolean(),
  sha256: Sha256.nullable(),
  services: z.array(ModelLoads),
  /**
   * `used`: a generation of Regie's records names it. `no-record`: none does, although such files are named there.
   * `unknown`: records never name files of its kind.
   */
  use: z.enum(['used', 'no-record', 'unknown']),
  usedAt: Timestamp.nullable(),
  /** How many other files have the same content, by their hashes. */
  copies: z.number().int(),
  /** Names that share its place on the disk, its own counted; `paths` are those in folders of models. */
  names: z.number().int(),
  paths: z.array(z.string()),
  /** Set aside by a removal: no service sees it, and it can be put back. */
  removed: z.boolean(),
})
export type LibraryFile = z.infer<typeof LibraryFile>

/** A folder in which a service looks for files. */
export const LibraryFolder = z.object({
  id: RecordId,
  /** On this machine; as the container sees it where this machine cannot. */
  path: z.string(),
  folder: z.string(),
  role: ModelRole,
  services: z.array(Slug),
  /** `read`, or why its files are not listed. `elsewhere`: it lies where this machine cannot look. */
  state: z.enum(['read', 'absent', 'unreadable', 'elsewhere']),
  writable: z.boolean(),
  files: z.number().int(),
  bytes,
})
export type LibraryFolder = z.infer<typeof LibraryFolder>

/** Files of one family; `id` null: those of which none is known. */
export const LibraryFamily = z.object({
  id: z.string().nullable(),
  title: z.string().nullable(),
  files: z.number().int(),
  bytes,
  usedAt: Timestamp.nullable(),
  services: z.array(Slug),
})
export type LibraryFamily = z.infer<typeof LibraryFamily>

/** What names a file, so that it would miss it; `golden`: the golden check of a service, by its id. */
export const ModelMention = z.object({ kind: z.enum(['workflow', 'preset', 'golden']), name: z.string() })
export type ModelMention = z.infer<typeof ModelMention>

/** A file that something names, and that lies in no folder of the overview. */
export const MissingModel = z.object({
  name: z.string(),
  /** The folder that it is looked for in, e.g. `vae`; empty where nothing tells it. */
  folder: z.string(),
  role: ModelRole,
  family: z.string().nullable(),
  /** Size and address, where what names it tells them. */
  bytes: bytes.nullable(),
  url: z.string().nullable(),
  by: z.array(ModelMention),
})
export type MissingModel = z.infer<typeof MissingModel>

/** A disk on which files of models lie. */
const LibraryDisk = z.object({
  path: z.string(),
  freeBytes: bytes,
  totalBytes: bytes,
  /** Of models, by what they are. */
  roles: z.array(z.object({ role: ModelRole, bytes })),
})

export const ModelHashing = z.object({
  /** `paused`: somebody stopped it; it goes on where it was when it is begun again. */
  state: z.enum(['idle', 'running', 'paused']),
  files: z.number().int(),
  hashed: z.number().int(),
  leftBytes: bytes,
  /** Over the last moments; null before anything is known. */
  bytesPerS: z.number().nullable(),
  current: z.string().nullable(),
})
export type ModelHashing = z.infer<typeof ModelHashing>

export const LibraryOverview = z.object({
  /** When the folders were looked at last; null before the first time has ended. */
  at: Timestamp.nullable(),
  scanning: z.boolean(),
  /** Files whose headers are still to be read. */
  unreadHeaders: z.number().int(),
  /** More files than are listed. */
  cut: z.boolean(),
  files: z.number().int(),
  bytes,
  folders: z.array(LibraryFolder),
  /** Services of which nothing says where their models lie, and why. */
  unknown: z.array(z.object({ id: Slug, reason: ReasonSchema })),
  families: z.array(LibraryFamily),
  disks: z.array(LibraryDisk),
  duplicates: z.object({ files: z.number().int(), bytes }),
  unused: z.object({ files: z.number().int(), bytes }),
  removed: z.object({ files: z.number().int(), bytes }),
  /** What workflows, presets and golden checks name and no folder has. */
  missing: z.array(MissingModel),
  hashing: ModelHashing,
})
export type LibraryOverview = z.infer<typeof LibraryOverview>

const LibraryShow = z.enum(['all', 'duplicates', 'unused', 'runs-code', 'removed'])
const LibrarySort = z.enum(['name', 'size', 'used', 'changed'])

export const LibraryPage = z.object({
  total: z.number().int(),
  bytes,
  files: z.array(LibraryFile),
  nextOffset: z.number().int().nullable(),
})
export type LibraryPage = z.infer<typeof LibraryPage>

const SharedFile = z.object({ id: RecordId, path: z.string(), folder: z.string(), services: z.array(Slug) })

/** A folder that a service cannot be told of as it is; `line`: what would tell it, once the reason is seen to. */
const LeftFolder = z.object({ path: z.string(), line: z.string().nullable(), reason: ReasonSchema })

/** How a service is told to look into the folders of another one, so that a copy is not needed. Regie changes nothing. */
export const SharedFolders = z.object({
  serviceId: Slug,
  /**
   * Where `lines` are added: to a file of the program's, to the arguments of a program that Regie starts (one a line), to a
   * variable of the container that holds arguments, or to the list of its command in the Compose file.
   */
  form: z.enum(['file', 'arguments', 'variable', 'command']),
  /** The file, on this machine or else in the container, or the variable; null where nothing tells it. */
  at: z.string().nullable(),
  /** Empty where the service can be told of none of the folders as they are. */
  lines: z.string(),
  /** For its Compose file: what its container has to mount first; null where it sees everything. */
  mounts: z.string().nullable(),
  /** A command that shows what its container mounts now; null where it has none. */
  inspect: z.string().nullable(),
  left: z.array(LeftFolder),
})
export type SharedFolders = z.infer<typeof SharedFolders>

/** What of several files of one content could be one. `reason`: why a copy has to stay; null where it need not. */
export const ModelSharing = z.object({
  sha256: Sha256,
  bytes,
  /** The one that stays. */
  keep: SharedFile,
  others: z.array(SharedFile.extend({ reason: ReasonSchema.nullable() })),
  frees: bytes,
  /** For each service that has a copy alone: the other way, a folder in common. */
  folders: z.array(SharedFolders),
})
export type ModelSharing = z.infer<typeof ModelSharing>

/** The result for each copy: null where it is now a further name of the file that was kept. */
export const ModelShare = z.object({
  files: z.array(z.object({ path: z.string(), reason: ReasonSchema.nullable() })),
  freedBytes: bytes,
})
export type ModelShare = z.infer<typeof ModelShare>

const example = { address: 'https://huggingface.co/a/b/resolve/main/c.safetensors', folderId: 'a' }

const tags = ['models']
const one = z.object({ id: RecordId })

export const modelLibrary = {
  overview: procedure('admin')
    .route({
      method: 'GET',
      path: '/models',
      tags,
      summary: 'Folders, families and disks of all models, duplicates, and what is being hashed',
    })
    .output(LibraryOverview),
  files: procedure('admin')
    .route({ method: 'GET', path: '/models/files', tags, summary: 'Files of models, a page at a time' })
    .input(
      z.object({
        /** Words in name, place, family or hash. */
        search: z.string().max(200).default(''),
        /** Only of these families; an empty text stands for files of none. */
        families: z.array(z.string().max(64)).max(100).optional(),
        show: LibraryShow.default('all'),
        sort: LibrarySort.default('name'),
        offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
        limit: z.coerce.number().int().min(1).max(500).default(200),
      }),
    )
    .output(LibraryPage),
  scan: procedure('admin', { errors: gives.engine })
    .route({ method: 'POST', path: '/models/scan', tags, summary: 'Look at all folders of models again' })
    .output(LibraryOverview),
  hash: procedure('admin')
    .route({
      method: 'POST',
      path: '/models/hash',
      tags,
      summary: 'Hash the files that have no hash yet, one after the other; goes on after a restart',
    })
    .output(ModelHashing),
  stopHashing: procedure('admin')
    .route({ method: 'POST', path: '/models/hash/stop', tags, summary: 'Stop hashing; what is done is kept' })
    .output(ModelHashing),
  sharing: procedure('admin', { reauth: true, errors: ['CONFLICT'] })
    .route({
      method: 'POST',
      path: '/models/files/{id}/sharing',
      tags,
      summary: 'What of the copies of a file could be one file, tried on scratch files in their folders',
    })
    .input(one)
    .output(ModelSharing),
  share: procedure('admin', { reauth: true, errors: ['CONFLICT', ...gives.store], example: { ids: ['a'] } })
    .route({
      method: 'POST',
      path: '/models/files/{id}/share',
      tags,
      summary: 'Replace copies by hard links, each hashed again right before; refused while their services work',
    })
    .input(one.extend({ ids: z.array(RecordId).min(1).max(100) }))
    .output(ModelShare),
  separate: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', ...gives.store],
    example: { path: '/srv/models/vae/ae.safetensors' },
  })
    .route({
      method: 'POST',
      path: '/models/files/{id}/separate',
      tags,
      summary: 'Make one name of a shared file a file of its own again',
    })
    .input(one.extend({ path: z.string().min(1).max(4096) })),
  mentions: procedure('admin', { errors: ['CONFLICT'] })
    .route({
      method: 'GET',
      path: '/models/files/{id}/mentions',
      tags,
      summary: 'Workflows and presets that name a file',
    })
    .input(one)
    .output(z.array(ModelMention)),
  downloads: procedure('admin')
    .route({ method: 'GET', path: '/models/downloads', tags, summary: 'Downloads of models, and how far they are' })
    .output(z.array(ModelDownload)),
  plan: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', 'BAD_GATEWAY', 'NOT_FOUND', ...gives.store],
    example,
  })
    .route({
      method: 'POST',
      path: '/models/downloads/plan',
      tags,
      summary: 'What a download would fetch: hosts, size, hash, name, and what is left of the disk',
    })
    .input(WantedDownload)
    .output(ModelDownloadPlan),
  download: procedure('admin', {
    reauth: true,
    errors: ['CONFLICT', 'UNPROCESSABLE_CONTENT', 'BAD_GATEWAY', 'NOT_FOUND', ...gives.store],
    example: { ...example, confirm: { bytes: 1, name: 'c.safetensors' } },
  })
    .route({ method: 'POST', path: '/models/downloads', tags, summary: 'Download what a plan has shown' })
    .input(WantedDownload.extend({ confirm: z.object({ bytes, name: z.string().max(255) }) }))
    .output(ModelDownload),
  pause: procedure('admin')
    .route({ method: 'POST', path: '/models/downloads/{id}/pause', tags, summary: 'Pause a download' })
    .input(one)
    .output(ModelDownload),
  resume: procedure('admin')
    .route({ method: 'POST', path: '/models/downloads/{id}/resume', tags, summary: 'Go on with a download' })
    .input(one)
    .output(ModelDownload),
  discard: procedure('admin', { errors: gives.store })
    .route({
      method: 'POST',
      path: '/models/downloads/{id}/discard',
      tags,
      summary: 'End a download and delete what was fetched of it; one that is done is no longer listed',
    })
    .input(one),
  remove: procedure('admin', { reauth: true, errors: ['CONFLICT', ...gives.store] })
    .route({
      method: 'POST',
      path: '/models/files/{id}/remove',
      tags,
      summary: 'Take a file from its services; it stays beside its place until it is erased',
    })
    .input(one),
  restore: procedure('admin', { reauth: true, errors: ['CONFLICT', ...gives.store] })
    .route({ method: 'POST', path: '/models/files/{id}/restore', tags, summary: 'Put a removed file back' })
    .input(one),
  erase: procedure('admin', { reauth: true, errors: ['CONFLICT', ...gives.store] })
    .route({ method: 'POST', path: '/models/files/{id}/erase', tags, summary: 'Delete a removed file for good' })
    .input(one),
}
