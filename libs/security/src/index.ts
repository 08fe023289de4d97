export {
  CertificateSet,
  type CertificateEvents,
  type CertificateFiles,
  type CertificateState,
  type ShownIdentity,
} from './certificate-set.ts';
export { readTlsIdentity, watchTlsFiles, type TlsFiles, type TlsIdentity } from './tls-files.ts';
