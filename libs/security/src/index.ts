export {
  CertificateSet,
  type CertificateEvents,
  type CertificateFiles,
  type CertificateState,
  type ShownIdentity,
} from './certificate-set.ts';
