export { JavaDouble, type Property, type PropertySource, type PropertyValue } from './property-source.ts';
export type { ConfigFile, ConfigSource, ConfigTree, SourceStatus } from './config-source.ts';
export { FolderWatcher, type FolderWatcherOptions } from './folder-watcher.ts';
export * from './binding/index.ts';
export { toDocument } from './document/activation.ts';
export type { ConfigDocument, ParsedFile } from './document/config-document.ts';
export { parsePropertiesDocuments } from './document/properties-documents.ts';
export { parseYamlDocuments } from './document/yaml-documents.ts';
export { ProfileExpression } from './profile/profile-expression.ts';
export { javaJson, javaString } from './value/java-string.ts';
export { type PlaceholderOptions, resolvePlaceholders } from './value/placeholders.ts';
export { SymmetricCipher } from './cipher.ts';
export { TreeLoader, type LoadedTree } from './environment/loaded-tree.ts';
export {
  assembleEnvironment,
  locationsOf,
  type AssembledEnvironment,
  type Environment,
  type EnvironmentOptions,
  type EnvironmentRequest,
} from './environment/environment.ts';
export { environmentJson, type EnvironmentForm } from './environment/environment-json.ts';
export { ServedState, type ServedTree } from './environment/served-state.ts';
export { fillFrom, jsonText, propertiesText, yamlText } from './environment/file-form.ts';
