export { JavaDouble, type Property, type PropertySource, type PropertyValue } from './property-source.ts';
export * from './binding/index.ts';
export { toDocument } from './document/activation.ts';
export type { ConfigDocument, ParsedFile } from './document/config-document.ts';
export { parsePropertiesDocuments } from './document/properties-documents.ts';
export { parseYamlDocuments } from './document/yaml-documents.ts';
export { ProfileExpression } from './profile/profile-expression.ts';
export { javaJson, javaString } from './value/java-string.ts';
export { type PlaceholderOptions, resolvePlaceholders } from './value/placeholders.ts';
