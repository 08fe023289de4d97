import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { readInstance, UnreadableBody, type InstanceDraft } from './instance-draft.ts';
import { decodeElementName, unescapeText } from './xml-names.ts';

// Entities are decoded here, once and from a fixed list; document types, which could define others, are refused.
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  // Metadata may be named `constructor` or `toString`: no element stands under its bare name.
  transformTagName: (name) => `$${name}`,
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
  const document = parse(body);
  const instance = child(document, 'instance');
  if (instance === undefined || typeof instance === 'string') throw new UnreadableBody('the root must be <instance>');
  const fields: Record<string, unknown> = {};
  for (const name of elementNames(instance)) fields[name] = textOf(instance, name);
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

function parse(body: string): Children {
  try {
    const document: Children = parser.parse(body);
    return document;
  } catch (error) {
    throw new UnreadableBody('the body is not XML', error);
  }
}

function elementNames(parent: Children): readonly string[] {
  return Object.keys(parent).flatMap((key) => (key.startsWith('$') ? [key.slice(1)] : []));
}

/** An element of this name, the last of several. Attributes have a name with `@`, text has the name `#`. */
function child(parent: Element, name: string): Element | undefined {
  if (typeof parent === 'string') return undefined;
  const value = parent[/^[@#]/.test(name) ? name : `$${name}`];
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
  const names = typeof element === 'string' ? [] : elementNames(element);
  return Object.fromEntries(names.map((name) => [decodeElementName(name), textOf(element, name) ?? '']));
}

function metadataOf(parent: Element): Record<string, string> | undefined {
  const element = child(parent, 'metadata');
  if (element !== undefined && typeof element !== 'string') {
    for (const name of elementNames(element)) {
      const item = child(element, name);
      if (typeof item === 'object' && elementNames(item).length > 0) {
        throw new UnreadableBody(`metadata.${name} must be text`);
      }
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
