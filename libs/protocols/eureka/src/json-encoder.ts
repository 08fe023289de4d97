import type { DataCenter, InstanceInfo, InstancePort, Lease } from '#registry';
import {
  dataCenterClass,
  dataCenterMetadata,
  meaningfulSid,
  wholeSeconds,
  type ApplicationContent,
  type ApplicationsContent,
  type Detail,
  type Encoder,
} from './representation.ts';

/** An instance around its `lastRenewalTimestamp`, the only thing that a heartbeat changes. */
interface Form {
  readonly head: string;
  readonly tail: string;
}

/**
 * Eureka's JSON with the reference's keys, their order and their types: Spring's decoder rejects any key it does not know,
 * `fargo` needs the quoted booleans, and `@class` is what Java's decoders choose the data centre by.
 */
export class JsonEncoder implements Encoder {
  readonly contentType = 'application/json';
  readonly #detail: Detail;
  readonly #ownInstanceId: string | undefined;
  readonly #forms = new WeakMap<InstanceInfo, Form>();

  constructor(detail: Detail, ownInstanceId?: string) {
    this.#detail = detail;
    this.#ownInstanceId = ownInstanceId;
  }

  instance(lease: Lease): string {
    return `{"instance":${this.bare(lease)}}`;
  }

  application(content: ApplicationContent): string {
    return `{"application":${this.#application(content)}}`;
  }

  applications({ applications, version, hash }: ApplicationsContent): string {
    const list = `"application":[${applications.map((content) => this.#application(content)).join(',')}]`;
    const state = `"versions__delta":${quote(version)},"apps__hashcode":${quote(hash)}`;
    return this.#detail === 'full' ? `{"applications":{${state},${list}}}` : `{"applications":{${list},${state}}}`;
  }

  /** The instance without its root, as it stands in lists. */
  bare(lease: Lease): string {
    let form = this.#forms.get(lease.info);
    if (form === undefined) {
      form = this.#detail === 'full' ? this.#fullForm(lease) : { head: compactForm(lease.info), tail: '' };
      this.#forms.set(lease.info, form);
    }
    return this.#detail === 'full' ? `${form.head}${lease.lastRenewalAt}${form.tail}` : form.head;
  }

  #application({ name, leases }: ApplicationContent): string {
    return `{"name":${quote(name)},"instance":[${leases.map((lease) => this.bare(lease)).join(',')}]}`;
  }

  #fullForm(lease: Lease): Form {
    const { info } = lease;
    const metadata = Object.entries(info.metadata);
    const head = fields([
      ['instanceId', text(info.instanceId)],
      ['hostName', quote(info.hostName)],
      ['app', quote(info.app)],
      ['ipAddr', quote(info.ipAddr)],
      ['sid', text(meaningfulSid(info.sid))],
      ['status', quote(info.status)],
      ['overriddenStatus', quote(info.overriddenStatus)],
      ['port', port(info.port)],
      ['securePort', port(info.securePort)],
      ['countryId', String(info.countryId)],
      ['dataCenterInfo', dataCenter(info.dataCenter, 'full')],
    ]);
    const times = fields([
      ['renewalIntervalInSecs', String(wholeSeconds(info.renewalIntervalMs))],
      ['durationInSecs', String(wholeSeconds(lease.durationMs))],
      ['registrationTimestamp', String(lease.registeredAt)],
    ]);
    const rest = fields([
      ['metadata', metadata.length === 0 ? '{"@class":"java.util.Collections$EmptyMap"}' : map(metadata)],
      ['appGroupName', text(info.appGroupName)],
      ['homePageUrl', text(info.homePageUrl)],
      ['statusPageUrl', text(info.statusPageUrl)],
      ['healthCheckUrl', text(info.healthCheckUrl)],
      ['secureHealthCheckUrl', text(info.secureHealthCheckUrl)],
      ['vipAddress', text(info.vipAddress)],
      ['secureVipAddress', text(info.secureVipAddress)],
      ['isCoordinatingDiscoveryServer', quote(String(info.id === this.#ownInstanceId))],
      ['lastUpdatedTimestamp', quote(String(info.lastUpdatedAt))],
      ['lastDirtyTimestamp', quote(String(info.lastDirtyAt))],
      ['actionType', quote(info.actionType)],
      ['asgName', text(info.asgName)],
    ]);
    const ends = `"evictionTimestamp":${lease.evictedAt},"serviceUpTimestamp":${lease.serviceUpAt}`;
    return { head: `{${head},"leaseInfo":{${times},"lastRenewalTimestamp":`, tail: `,${ends}},${rest}}` };
  }
}

function compactForm(info: InstanceInfo): string {
  const content = fields([
    ['instanceId', text(info.instanceId)],
    ['app', quote(info.app)],
    ['ipAddr', quote(info.ipAddr)],
    ['vipAddress', text(info.vipAddress)],
    ['secureVipAddress', text(info.secureVipAddress)],
    ['dataCenterInfo', dataCenter(info.dataCenter, 'compact')],
    ['hostName', quote(info.hostName)],
    ['status', quote(info.status)],
    ['lastUpdatedTimestamp', String(info.lastUpdatedAt)],
    ['actionType', quote(info.actionType)],
    ['asgName', text(info.asgName)],
    ['port', port(info.port)],
    ['securePort', port(info.securePort)],
  ]);
  return `{${content}}`;
}

const quote = (value: string): string => JSON.stringify(value);
const text = (value: string | undefined): string | undefined => (value === undefined ? undefined : quote(value));

function fields(list: readonly (readonly [string, string | undefined])[]): string {
  const parts: string[] = [];
  for (const [name, value] of list) if (value !== undefined) parts.push(`"${name}":${value}`);
  return parts.join(',');
}

function map(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([key, value]) => `${quote(key)}:${quote(value)}`).join(',')}}`;
}

function port({ number, enabled }: InstancePort): string {
  return `{"$":${number},"@enabled":"${enabled}"}`;
}

function dataCenter(value: DataCenter, detail: Detail): string {
  const metadata = dataCenterMetadata(value, detail);
  return `{${fields([
    ['@class', quote(dataCenterClass(value.name))],
    ['name', quote(value.name)],
    ['metadata', metadata && map(metadata)],
  ])}}`;
}
