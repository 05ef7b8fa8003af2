export { openAuthority, type Authority, type ServerCertificate } from './authority'
export { readGiven } from './given'
