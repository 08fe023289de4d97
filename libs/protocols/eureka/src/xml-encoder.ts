import type { InstanceStatus } from '#kernel';
import type { InstanceInfo, Lease } from '#registry';
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
import { encodeElementName } from './xml-names.ts';
import { XmlWriter } from './xml-writer.ts';

/** Depth of an instance below `<applications>` and below `<application>`. */
const IN_APPLICATIONS = 2;
const IN_APPLICATION = 1;
/** Stands where the last renewal goes in a kept form; no XML text can hold it. */
const RENEWAL = '\u0000';

/** Eureka's XML: names and order of the reference, with the attributes that Python clients insist on. */
export class XmlEncoder implements Encoder {
  readonly contentType = 'application/xml';
  readonly #detail: Detail;
  readonly #ownInstanceId: string | undefined;
  readonly #forms = [new WeakMap<InstanceInfo, string>(), new WeakMap<InstanceInfo, string>()];

  constructor(detail: Detail, ownInstanceId?: string) {
    this.#detail = detail;
    this.#ownInstanceId = ownInstanceId;
  }

  /** A single instance follows the reference's V1 rule: statuses that V1 did not know are DOWN. */
  instance(lease: Lease): string {
    const { status } = lease.info;
    const shown = status === 'UP' || status === 'STARTING' ? status : 'DOWN';
    return this.#write(lease, 0, shown).replace(RENEWAL, String(lease.lastRenewalAt));
  }

  application(content: ApplicationContent): string {
    const writer = new XmlWriter(this.#detail === 'full');
    return this.#application(writer, content, IN_APPLICATION).toString();
  }

  applications({ applications, version, hash }: ApplicationsContent): string {
    const writer = new XmlWriter(this.#detail === 'full').open('applications');
    const state = (): unknown => writer.text('versions__delta', version).text('apps__hashcode', hash);
    if (this.#detail === 'full') state();
    for (const content of applications) this.#application(writer, content, IN_APPLICATIONS);
    if (this.#detail === 'compact') state();
    return writer.close('applications').toString();
  }

  #application(writer: XmlWriter, { name, leases }: ApplicationContent, depth: 1 | 2): XmlWriter {
    writer.open('application').text('name', name);
    for (const lease of leases) writer.raw(this.#kept(lease, depth));
    return writer.close('application');
  }

  #kept(lease: Lease, depth: 1 | 2): string {
    const forms = this.#forms[depth - 1];
    let form = forms?.get(lease.info);
    if (form === undefined) {
      form = this.#write(lease, depth, lease.info.status);
      forms?.set(lease.info, form);
    }
    return form.replace(RENEWAL, String(lease.lastRenewalAt));
  }

  #write(lease: Lease, depth: number, status: InstanceStatus): string {
    const writer = new XmlWriter(this.#detail === 'full', depth).open('instance');
    if (this.#detail === 'full') this.#full(writer, lease, status);
    else this.#compact(writer, lease.info, status);
    return writer.close('instance').toString();
  }

  #full(writer: XmlWriter, lease: Lease, status: InstanceStatus): void {
    const { info } = lease;
    writer
      .text('instanceId', info.instanceId)
      .text('hostName', info.hostName)
      .text('app', info.app)
      .text('ipAddr', info.ipAddr)
      .text('sid', meaningfulSid(info.sid))
      .text('status', status)
      .text('overriddenstatus', info.overriddenStatus);
    this.#ports(writer, info);
    writer.text('countryId', info.countryId);
    this.#dataCenter(writer, info);
    writer
      .open('leaseInfo')
      .text('renewalIntervalInSecs', wholeSeconds(info.renewalIntervalMs))
      .text('durationInSecs', wholeSeconds(lease.durationMs))
      .text('registrationTimestamp', lease.registeredAt);
    writer.raw(`${'  '.repeat(writer.depth)}<lastRenewalTimestamp>${RENEWAL}</lastRenewalTimestamp>`);
    writer.text('evictionTimestamp', lease.evictedAt).text('serviceUpTimestamp', lease.serviceUpAt).close('leaseInfo');
    this.#metadata(writer, info);
    writer
      .text('appGroupName', info.appGroupName)
      .text('homePageUrl', info.homePageUrl)
      .text('statusPageUrl', info.statusPageUrl)
      .text('healthCheckUrl', info.healthCheckUrl)
      .text('secureHealthCheckUrl', info.secureHealthCheckUrl)
      .text('vipAddress', info.vipAddress)
      .text('secureVipAddress', info.secureVipAddress)
      .text('isCoordinatingDiscoveryServer', info.id === this.#ownInstanceId)
      .text('lastUpdatedTimestamp', info.lastUpdatedAt)
      .text('lastDirtyTimestamp', info.lastDirtyAt)
      .text('actionType', info.actionType)
      .text('asgName', info.asgName);
  }

  #compact(writer: XmlWriter, info: InstanceInfo, status: InstanceStatus): void {
    writer
      .text('instanceId', info.instanceId)
      .text('app', info.app)
      .text('ipAddr', info.ipAddr)
      .text('vipAddress', info.vipAddress)
      .text('secureVipAddress', info.secureVipAddress);
    this.#dataCenter(writer, info);
    writer
      .text('hostName', info.hostName)
      .text('status', status)
      .text('lastUpdatedTimestamp', info.lastUpdatedAt)
      .text('actionType', info.actionType)
      .text('asgName', info.asgName);
    this.#ports(writer, info);
  }

  #ports(writer: XmlWriter, { port, securePort }: InstanceInfo): void {
    writer.text('port', port.number, ` enabled="${port.enabled}"`);
    writer.text('securePort', securePort.number, ` enabled="${securePort.enabled}"`);
  }

  #dataCenter(writer: XmlWriter, { dataCenter }: InstanceInfo): void {
    writer.open('dataCenterInfo', ` class="${dataCenterClass(dataCenter.name)}"`).text('name', dataCenter.name);
    const metadata = dataCenterMetadata(dataCenter, this.#detail);
    if (metadata !== undefined) {
      writer.open('metadata');
      for (const [key, value] of metadata) writer.text(encodeElementName(key), value);
      writer.close('metadata');
    }
    writer.close('dataCenterInfo');
  }

  #metadata(writer: XmlWriter, { metadata }: InstanceInfo): void {
    const entries = Object.entries(metadata);
    if (entries.length === 0) {
      writer.empty('metadata', ' class="java.util.Collections$EmptyMap"');
      return;
    }
    writer.open('metadata');
    for (const [key, value] of entries) writer.text(encodeElementName(key), value);
    writer.close('metadata');
  }
}
