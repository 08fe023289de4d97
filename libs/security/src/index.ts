export { readTlsIdentity, watchTlsFiles, type TlsFiles, type TlsIdentity } from './tls-files.ts';
