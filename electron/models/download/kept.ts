import * as z from 'zod'
import { ModelDownload } from '../../../shared/contract'

/** A download as it is written down: with its address, which may be signed, and without any secret of the vault. */
export const KeptDownload = ModelDownload.omit({ bytesPerS: true }).extend({
  address: z.string(),
  etag: z.string().nullable(),
  credentialId: z.string().nullable(),
  /** The host that a person has allowed although its address is private. */
  privateHost: z.string().nullable(),
  /** The file that is about to get its name, as "device:inode". */
  placing: z.string().optional(),
})
export type KeptDownload = z.infer<typeof KeptDownload>

export const KeptDownloads = z.object({ downloads: z.array(KeptDownload) })
