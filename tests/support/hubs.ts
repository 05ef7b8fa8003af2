import type { OutgoingHttpHeaders } from 'node:http'

// How hubs of models answer: the headers and forms that the named sources record, with values of the tests. What none
// records is said to be so. `to`: where a hub's other host is here.

const xetHash = 'ee925c6fd7d129b61aa53d120cbe1ea9e175dec73ca08711ec9ff2e6347cc788'

/**
 * Hugging Face on `GET /USER/REPO/resolve/REVISION/FILE` of a large file: it redirects to its store, and only here says the
 * SHA-256 and the size of the file. Recorded in https://github.com/ngxson/wllama/pull/248, https://github.com/padeoe/hf-mirror-site/issues/51
 */
export const huggingFaceRedirect = (
  { sha256, bytes, name }: { sha256: string; bytes: number; name: string },
  to: string,
): OutgoingHttpHeaders => ({
  'content-type': 'text/plain; charset=utf-8',
  'x-repo-commit': '6130ef31402718485ca4d80a6234f70d9a4cf362',
  'accept-ranges': 'bytes',
  'x-linked-size': String(bytes),
  'x-linked-etag': `"${sha256}"`,
  'x-xet-hash': xetHash,
  link: `<https://huggingface.co/api/models/a/b/xet-read-token/6130ef31>; rel="xet-auth", <https://cas-server.xethub.hf.co/reconstruction/${xetHash}>; rel="xet-reconstruction-info"`,
  location: `${to}/xet-bridge-us/65c0e0a24913fc50b7ba14d2/${xetHash}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=cas%2F20261201%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0a1b2c&X-Xet-Cas-Uid=public&response-content-disposition=inline%3B+filename*%3DUTF-8%27%27${name}%3B+filename%3D%22${name}%22%3B&x-id=GetObject`,
})

/**
 * Its store: the tag is 64 hex digits that are not the file's SHA-256 (https://github.com/nullata/llamaMan/issues/70). The
 * name is the one that the signed address asks for; no source records the rest.
 */
export const huggingFaceStore = (name: string): OutgoingHttpHeaders => ({
  'content-type': 'application/octet-stream',
  'accept-ranges': 'bytes',
  etag: `"${xetHash}"`,
  'content-disposition': `inline; filename*=UTF-8''${name}; filename="${name}";`,
})

/** A small file: a relative redirect on the same host (https://github.com/huggingface/swift-transformers/pull/209). */
export const huggingFaceCached = (name: string): OutgoingHttpHeaders => ({
  location: `/api/resolve-cache/models/a/b/eaf97358a37d03fd48e5a87d15aff2e8423c1afb/${name}?%2Fa%2Fb%2Fresolve%2Fmain%2F${name}=&etag=%22d6ceb92ce9e3c83ab146dc8e92a93517ac1cc66f%22`,
})

/**
 * A gated file: 401 to whoever is not signed in (https://github.com/city96/ComfyUI_ExtraModels/issues/99), 403 to whoever is
 * and was not let in (https://github.com/ariG23498/gemma3-object-detection/issues/5); by `x-error-code` huggingface_hub
 * tells it in `hf_raise_for_status`.
 */
export const huggingFaceGated: OutgoingHttpHeaders = {
  'content-type': 'text/plain; charset=utf-8',
  'x-error-code': 'GatedRepo',
  'x-error-message': 'Access to model a/b is restricted. You must have access to it and be authenticated to access it.',
}

/**
 * CivitAI on `GET /api/download/models/VERSION`: 307 to its store, without a length
 * (https://github.com/civitai/civitai/issues/975).
 */
export const civitaiRedirect = (name: string, to: string): OutgoingHttpHeaders => ({
  'strict-transport-security': 'max-age=15724800; includeSubDomains',
  'cf-cache-status': 'DYNAMIC',
  location: `${to}/1362997/model/bodhorV1.eq23.safetensors?X-Amz-Expires=86400&response-content-disposition=attachment%3B%20filename%3D%22${name}%22&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=e0%2F20261201%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-SignedHeaders=host&X-Amz-Signature=7d4a41`,
})

/**
 * Its store, an S3: the name comes in `content-disposition` (https://education.civitai.com/civitais-guide-to-downloading-via-api);
 * the tag has the form of an S3's own, which no source records.
 */
export const civitaiStore = (name: string): OutgoingHttpHeaders => ({
  'content-type': 'binary/octet-stream',
  'accept-ranges': 'bytes',
  etag: '"9a0364b9e99bb480dd25e1f0284c8555-14"',
  'content-disposition': `attachment; filename="${name}"`,
})

/** Whoever is not signed in: JSON with 401 (https://github.com/alexandersokol/sd-model-organizer/pull/80). */
export const civitaiRefusal =
  '{"error":"Unauthorized","message":"The creator of this asset requires you to be logged in to download it"}'

/** Or a redirect to its page (https://github.com/hayden-cn/ComfyUI-Model-Manager/issues/18). */
export const civitaiLogin: OutgoingHttpHeaders = {
  location: '/login?returnUrl=%2Fmodel-versions%2F297334&reason=download-auth',
}

/** What it says of a version, shortened (https://developer.civitai.com/site/reference/model-versions). */
export const civitaiVersion = (files: readonly { id: number; name: string; sha256: string }[]) => ({
  id: 2_514_310,
  modelId: 827_184,
  name: 'v16.0',
  baseModel: 'Illustrious',
  status: 'Published',
  files: files.map(({ id, name, sha256 }, at) => ({
    ...{ id, sizeKB: 6_775_430.35, name, type: 'Model', primary: at === 0 },
    ...{ pickleScanResult: 'Success', virusScanResult: 'Success' },
    metadata: { format: 'SafeTensor', size: 'pruned', fp: 'fp16' },
    hashes: { AutoV2: sha256.slice(0, 10).toUpperCase(), SHA256: sha256.toUpperCase(), CRC32: '6C1A2B3C' },
    downloadUrl: 'https://civitai.com/api/download/models/2514310',
  })),
  downloadUrl: 'https://civitai.com/api/download/models/2514310',
})
