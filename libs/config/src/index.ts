export { JavaDouble, type Property, type PropertySource, type PropertyValue } from './property-source.ts';
export * from './binding/index.ts';
