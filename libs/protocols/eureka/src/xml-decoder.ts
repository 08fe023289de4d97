import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { readInstance, UnreadableBody, type InstanceDraft } from './instance-draft.ts';
import { decodeElementName, unescapeText } from './xml-names.ts';

// Entities are decoded here, once and from a fixed list; document types, which could define others, are refused.
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

type Element = string | Children;
interface Children {
  readonly [name: string]: Element | Element[];
}

/** `<instance>…</instance>`. Statuses may be written in any case, and the class of dataCenterInfo may be left out. */
export function decodeXmlInstance(body: string): InstanceDraft {
  if (body.includes('<!DOCTYPE')) throw new UnreadableBody('document types are not accepted');
  if (body.trim() === '' || XMLValidator.validate(body) !== true) throw new UnreadableBody('the body is not XML');
  const document: Children = parser.parse(body);
  const instance = child(document, 'instance');
  if (instance === undefined || typeof instance === 'string') throw new UnreadableBody('the root must be <instance>');
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(instance)) fields[name] = textOf(instance, name);
  return readInstance({
    ...fields,
    status: textOf(instance, 'status')?.toUpperCase(),
    overriddenStatus: (textOf(instance, 'overriddenstatus') ?? textOf(instance, 'overriddenStatus'))?.toUpperCase(),
    port: portOf(instance, 'port', (enabled) => enabled !== 'false'),
    securePort: portOf(instance, 'securePort', (enabled) => enabled === 'true'),
    leaseInfo: childrenOf(instance, 'leaseInfo'),
    dataCenterInfo: dataCenterOf(instance),
    metadata: metadataOf(instance),
  });
}

function child(parent: Element, name: string): Element | undefined {
  if (typeof parent === 'string') return undefined;
  const value = parent[name];
  return Array.isArray(value) ? value.at(-1) : value;
}

function textOf(parent: Element, name: string): string | undefined {
  const element = child(parent, name);
  if (element === undefined) return undefined;
  if (typeof element === 'string') return unescapeText(element);
  const text = element['#'];
  return typeof text === 'string' ? unescapeText(text) : undefined;
}

function portOf(parent: Element, name: string, enabled: (attribute: string | undefined) => boolean): unknown {
  const element = child(parent, name);
  if (element === undefined) return undefined;
  return { $: textOf(parent, name), '@enabled': enabled(textOf(element, '@enabled')) };
}

function childrenOf(parent: Element, name: string): Record<string, string> | undefined {
  const element = child(parent, name);
  if (element === undefined) return undefined;
  const names = typeof element === 'string' ? [] : Object.keys(element);
  const elements = names.filter((key) => key !== '#' && !key.startsWith('@'));
  return Object.fromEntries(elements.map((key) => [decodeElementName(key), textOf(element, key) ?? '']));
}

function metadataOf(parent: Element): Record<string, string> | undefined {
  const element = child(parent, 'metadata');
  if (element !== undefined && typeof element !== 'string') {
    for (const [key, value] of Object.entries(element)) {
      const nested =
        typeof value === 'object' && Object.keys(value).some((name) => name !== '#' && !name.startsWith('@'));
      if (nested && !Array.isArray(value)) throw new UnreadableBody(`metadata.${key} must be text`);
    }
  }
  return childrenOf(parent, 'metadata');
}

function dataCenterOf(parent: Element): unknown {
  const element = child(parent, 'dataCenterInfo');
  if (element === undefined) return undefined;
  const name = textOf(element, 'name');
  const byName =
    name === 'Amazon' ? 'com.netflix.appinfo.AmazonInfo' : 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo';
  return {
    '@class': textOf(element, '@class') ?? byName,
    name,
    metadata: childrenOf(element, 'metadata'),
  };
}
