export { openAuthority, type Authority, type ServerCertificate } from './authority'
export { readGiven } from './given'
export { keepCertificate, type CertificateSource, type KeptCertificate } from './keeping'
export { isInternetAddress, isPrivateAddress } from './names'
