import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  NameConstraints,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'
import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto'
import type { PermittedNames } from './names'

/** https://www.rfc-editor.org/rfc/rfc5758#section-3.2 */
const ecdsaWithSha256 = '1.2.840.10045.4.3.2'
const commonName = '2.5.4.3'

/** What is certified, and by whom. Keys are of P-256. */
interface Wanted {
  subject: string
  issuer: string
  publicKey: KeyObject
  signingKey: KeyObject
  from: Date
  until: Date
  extensions: Extension[]
}

const buffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer

const nameOf = (text: string) =>
  new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: commonName, value: new AttributeValue({ utf8String: text }) }),
    ]),
  ])

/** 127 random bits; the first byte keeps the number positive and not zero: https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2 */
function serialNumber(): ArrayBuffer {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return buffer(bytes)
}

const publicBytes = (key: KeyObject) => key.export({ type: 'spki', format: 'der' })

/** SHA-1 of the key itself, as every program expects it: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.2 */
function keyIdentifier(key: KeyObject): ArrayBuffer {
  const { subjectPublicKey } = AsnConvert.parse(publicBytes(key), SubjectPublicKeyInfo)
  return buffer(createHash('sha1').update(Buffer.from(subjectPublicKey)).digest())
}

const extension = (extnID: string, value: unknown, critical = false) =>
  new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })

const generalName = ({ type, value }: { type: 'dns' | 'ip'; value: string }) =>
  new GeneralName(type === 'ip' ? { iPAddress: value } : { dNSName: value })

/** A certificate in PEM. */
function certify({ subject, issuer, publicKey, signingKey, from, until, extensions }: Wanted): string {
  const algorithm = new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 })
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    issuer: nameOf(issuer),
    validity: new Validity({ notBefore: from, notAfter: until }),
    subject: nameOf(subject),
    subjectPublicKeyInfo: AsnConvert.parse(publicBytes(publicKey), SubjectPublicKeyInfo),
    extensions: new Extensions(extensions),
  })
  const signed = Buffer.from(AsnConvert.serialize(tbsCertificate))
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: buffer(sign('sha256', signed, signingKey)),
  })
  const base64 = Buffer.from(AsnConvert.serialize(certificate)).toString('base64')
  const lines = base64.match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

/**
 * The certificate of an authority, signed by itself, in PEM. It may vouch for servers of the permitted names only
 * (https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10), so that its key opens nothing beyond them.
 */
export function certifyAuthority(options: {
  name: string
  publicKey: KeyObject
  privateKey: KeyObject
  permitted: PermittedNames
  from: Date
  until: Date
}): string {
  const { name, publicKey, privateKey, permitted, from, until } = options
  const names = [
    ...permitted.dns.map((value) => generalName({ type: 'dns', value })),
    ...permitted.ip.map((value) => generalName({ type: 'ip', value })),
  ]
  return certify({
    ...{ subject: name, issuer: name, publicKey, signingKey: privateKey, from, until },
    extensions: [
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 }), true),
      extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign), true),
      extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyIdentifier(publicKey))),
      extension(
        id_ce_nameConstraints,
        new NameConstraints({
          permittedSubtrees: new GeneralSubtrees(names.map((base) => new GeneralSubtree({ base }))),
        }),
        true,
      ),
    ],
  })
}

/** The certificate of a server of these names, signed by an authority, in PEM. */
export function certifyServer(options: {
  names: readonly { type: 'dns' | 'ip'; value: string }[]
  publicKey: KeyObject
  authority: { name: string; publicKey: KeyObject; privateKey: KeyObject }
  from: Date
  until: Date
}): string {
  const { names, publicKey, authority, from, until } = options
  return certify({
    // No host name: where a certificate has addresses alone, OpenSSL holds its common name against the constraints.
    ...{ subject: 'Regie gateway', issuer: authority.name, publicKey, signingKey: authority.privateKey },
    ...{ from, until },
    extensions: [
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: false }), true),
      extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
      extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
      extension(id_ce_subjectAltName, new SubjectAlternativeName(names.map(generalName))),
      extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyIdentifier(publicKey))),
      extension(
        id_ce_authorityKeyIdentifier,
        new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdentifier(authority.publicKey)) }),
      ),
    ],
  })
}
