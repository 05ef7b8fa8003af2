import { describe, expect, test } from 'vitest'
import { readAddress, shownAddress } from '../../../electron/models/download/address'
import { nameIn } from '../../../electron/models/download/look'
import { modelFileName } from '../../../electron/models/download/name'
import { isInternetAddress } from '../../../electron/tls'

describe('names of downloads', () => {
  test.each([
    ['model.safetensors', 'model.safetensors'],
    ['../../etc/cron.d/model.SafeTensors', 'model.safetensors'],
    ['C:\\Windows\\a.gguf', 'a.gguf'],
    ['con.safetensors', '_con.safetensors'],
    ['a<b>:c|d?.ckpt', 'a b c d.ckpt'],
    ['..hidden.pt', 'hidden.pt'],
    [`${'x'.repeat(400)}.bin`, `${'x'.repeat(200)}.bin`],
    ['turned\u202egnp.safetensors', 'turned gnp.safetensors'],
    ['a.safetensors:hidden.gguf', 'a.safetensors hidden.gguf'],
    ['COM1.x.gguf', '_COM1.x.gguf'],
    ['..\\..\\evil.gguf', 'evil.gguf'],
    ['\u001b[2Ja.gguf', '[2Ja.gguf'],
  ])('%j is kept as %j', (given, kept) => {
    expect(modelFileName(given)).toBe(kept)
  })

  test.each([
    ...['', 'model', 'run.exe', 'model.safetensors.exe', 'a.safetensors/', 'x.regie-part', 'a.ckpt.regie-removed'],
    ...['shell.sh', '.bashrc', 'model.safetensors\u0000.sh'],
  ])('%j is refused', (given) => {
    expect(modelFileName(given)).toBeNull()
  })

  test.each([
    ['attachment; filename="a b.safetensors"', 'a b.safetensors'],
    ["attachment; filename*=UTF-8''%C3%A9t%C3%A9.safetensors; filename=x", 'été.safetensors'],
    ['attachment', null],
    [null, null],
    ["filename*=utf-8''%", null],
  ])('%j names %j', (said, name) => {
    expect(nameIn(said)).toBe(name)
  })
})

describe('addresses', () => {
  test.each([
    ['https://huggingface.co/a/b/blob/main/c/d.safetensors', 'https://huggingface.co/a/b/resolve/main/c/d.safetensors'],
    ['https://civitai.com/models/12?modelVersionId=34', 'https://civitai.com/api/download/models/34'],
    ['https://civitai.com/api/download/models/34?type=Model', 'https://civitai.com/api/download/models/34?type=Model'],
    ['https://civitai.red/api/download/models/34?fileId=5', 'https://civitai.red/api/download/models/34?fileId=5'],
    ['https://example.com/x.ckpt?Signature=s#f', 'https://example.com/x.ckpt?Signature=s'],
  ])('%s is asked as %s', (given, asked) => {
    expect(readAddress(given).url.href).toBe(asked)
  })

  test('what CivitAI tells of a version is asked of it', () => {
    expect(readAddress('https://civitai.com/models/12?modelVersionId=34').about?.href).toBe(
      'https://civitai.com/api/v1/model-versions/34',
    )
    expect(readAddress('https://notcivitai.com/models/12?modelVersionId=34').about).toBeNull()
  })

  test.each([
    ['nothing', 'library.address'],
    ['http://huggingface.co/x', 'library.not-https'],
    ['ftp://example.com/x', 'library.not-https'],
    ['https://me:pw@example.com/x', 'library.secret-in-address'],
    ['https://civitai.com/api/download/models/1?token=abc', 'library.secret-in-address'],
  ])('%s is refused', (given, id) => {
    expect(() => readAddress(given)).toThrow(expect.objectContaining({ id }) as Error)
  })

  test('are shown without what may be signed', () => {
    expect(shownAddress(new URL('https://a.b/c.gguf?X-Amz-Signature=1&Policy=2'))).toBe('https://a.b/c.gguf')
  })

  test.each([
    ...['127.0.0.1', '10.0.0.1', '172.31.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
    ...[
      '255.255.255.255',
      '::1',
      '::',
      'fe80::1',
      'fc00::1',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '64:ff9b::7f00:1',
    ],
    ...['2002:7f00:1::', 'fec0::1', '4000::1', '3fff::1', '192.88.99.1', '168.63.129.16', 'nonsense', ''],
  ])('%j is no address of the internet', (address) => {
    expect(isInternetAddress(address)).toBe(false)
  })

  test.each(['8.8.8.8', '93.184.215.14', '2606:4700::1111', '::ffff:8.8.8.8'])('%j is one', (address) => {
    expect(isInternetAddress(address)).toBe(true)
  })
})
