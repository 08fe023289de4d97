export { JavaDouble, type Property, type PropertySource, type PropertyValue } from './property-source.ts';
export type { ConfigCommit, ConfigFile, ConfigSource, ConfigTree, SourceStatus } from './config-source.ts';
export { FolderWatcher, type FolderWatcherOptions } from './folder-watcher.ts';
export { readSettledFile, type SettledFile } from './settled-file.ts';
export * from './binding/index.ts';
export { toDocument } from './document/activation.ts';
export { isActive, type ConfigDocument, type ParsedFile } from './document/config-document.ts';
export { parseConfigFile } from './document/config-file-reader.ts';
export { parsePropertiesDocuments } from './document/properties-documents.ts';
export { parseYamlDocuments } from './document/yaml-documents.ts';
export { ProfileExpression } from './profile/profile-expression.ts';
export { javaJson, javaString } from './value/java-string.ts';
export { type PlaceholderOptions, resolvePlaceholders } from './value/placeholders.ts';
export { SymmetricCipher } from './cipher.ts';
export { CompositeBackend } from './environment/composite-backend.ts';
export {
  type BackendState,
  type EnvironmentBackend,
  type FoundResource,
  problemsOf,
} from './environment/environment-backend.ts';
export {
  assembleEnvironment,
  type AssembledEnvironment,
  type Environment,
  type EnvironmentOptions,
} from './environment/environment.ts';
export { checkDocument } from './environment/document-checks.ts';
export { diffEnvironments, type KeyChange } from './environment/environment-diff.ts';
export { environmentJson, type EnvironmentForm } from './environment/environment-json.ts';
export type { EnvironmentRequest } from './environment/environment-request.ts';
export { EnvironmentService, type EnvironmentServiceOptions } from './environment/environment-service.ts';
export {
  explainFrom,
  explainKey,
  type KeyCandidate,
  type KeyExplanation,
  type Winner,
} from './environment/explain-key.ts';
export { fillFrom, jsonText, propertiesText, yamlText } from './environment/file-form.ts';
export type { DecryptionOptions } from './environment/decryption.ts';
export { TreeLoader, type LoadedTree } from './environment/loaded-tree.ts';
export { PatternBackend, type PatternedBackend } from './environment/pattern-backend.ts';
export { ServedState, type ServedTree } from './environment/served-state.ts';
export { TreeBackend, type TreeBackendOptions } from './environment/tree-backend.ts';
