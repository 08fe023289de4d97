import type { Clock } from '#kernel';
import { isInstanceStatus, type LeaseRegistry } from '#registry';
import { objectOf, readInstance, UnreadableBody, type InstanceDraft } from './instance-draft.ts';
import type { JsonEncoder } from './json-encoder.ts';
import { parseJson } from './json-decoder.ts';
import { toRegistration } from './registration.ts';
import type { EurekaReply } from './reply.ts';

const ACTIONS = ['Register', 'Heartbeat', 'StatusUpdate', 'DeleteStatusOverride', 'Cancel'] as const;
const KEYS = ['appName', 'id', 'lastDirtyTimestamp', 'overriddenStatus', 'status', 'instanceInfo', 'action'];

interface Item {
  readonly action: (typeof ACTIONS)[number];
  readonly app: string;
  readonly id: string;
  readonly lastDirtyAt: number | undefined;
  readonly overriddenStatus: string;
  readonly status: string;
  readonly instance: InstanceDraft | undefined;
}

interface ItemReply {
  readonly statusCode: number;
  readonly responseEntity?: string;
}

/** `POST peerreplication/batch`: what a peer has seen, item by item in order. Nothing of it is passed on. */
export class ReplicationBatch {
  readonly #registry: LeaseRegistry;
  readonly #encoder: JsonEncoder;
  readonly #clock: Clock;

  constructor(registry: LeaseRegistry, encoder: JsonEncoder, clock: Clock) {
    this.#registry = registry;
    this.#encoder = encoder;
    this.#clock = clock;
  }

  apply(body: Buffer): EurekaReply {
    const contentType = 'application/json';
    let items: readonly Item[];
    try {
      items = readItems(body.toString());
    } catch (error) {
      if (!(error instanceof UnreadableBody)) throw error;
      return { status: 400, contentType, body: '{"error": "cannot parse request body"}' };
    }
    const replies = items.map((item) => this.#apply(item)).map(writeReply);
    return { status: 200, contentType, body: `{"responseList":[${replies.join(',')}]}` };
  }

  #apply(item: Item): ItemReply {
    const { app, id, lastDirtyAt, status } = item;
    if (item.action === 'Register') return this.#register(item);
    if (item.action === 'Heartbeat') return this.#heartbeat(item);
    if (item.action === 'Cancel') return found(this.#registry.cancel(app, id));
    if (!isInstanceStatus(status)) return { statusCode: 500 };
    if (item.action === 'StatusUpdate') return found(this.#registry.setStatus(app, id, status, lastDirtyAt));
    if (lastDirtyAt === undefined) return { statusCode: 500 };
    return found(this.#registry.deleteStatusOverride(app, id, status, lastDirtyAt));
  }

  /** 200 even when the instance lacks something and is not stored, as the reference answers. */
  #register({ app, instance }: Item): ItemReply {
    if (instance === undefined) return { statusCode: 500 };
    const registration = toRegistration(instance, app, this.#clock.now());
    if (registration.ok) this.#registry.register(registration.info, { believeStatus: true });
    return { statusCode: 200 };
  }

  #heartbeat({ app, id, lastDirtyAt, overriddenStatus }: Item): ItemReply {
    const outcome = this.#registry.renew(app, id, {
      lastDirtyAt,
      replication: true,
      overriddenStatus: isInstanceStatus(overriddenStatus) ? overriddenStatus : undefined,
    });
    if (outcome !== 'conflict') return found(outcome === 'renewed');
    const lease = this.#registry.find(app, id);
    return lease ? { statusCode: 409, responseEntity: this.#encoder.bare(lease) } : { statusCode: 404 };
  }
}

function found(result: unknown): ItemReply {
  return { statusCode: result === undefined || result === false ? 404 : 200 };
}

function writeReply({ statusCode, responseEntity }: ItemReply): string {
  const entity = responseEntity === undefined ? '' : `,"responseEntity":${responseEntity}`;
  return `{"statusCode":${statusCode}${entity}}`;
}

function readItems(body: string): readonly Item[] {
  const list = parseJson(body)['replicationList'];
  if (!Array.isArray(list)) throw new UnreadableBody('replicationList must be a list');
  return list.map(readItem);
}

/** Strict as the reference: one unknown key or action and the whole batch is refused, before anything of it took effect. */
function readItem(value: unknown): Item {
  const fields = objectOf(value, 'item');
  for (const key of Object.keys(fields)) {
    if (!KEYS.includes(key)) throw new UnreadableBody(`item has an unknown key ${key}`);
  }
  const action = ACTIONS.find((known) => known === fields['action']);
  if (action === undefined) throw new UnreadableBody('item has an unknown action');
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const dirty = fields['lastDirtyTimestamp'];
  return {
    action,
    app: text('appName'),
    id: text('id'),
    lastDirtyAt: typeof dirty === 'number' ? dirty : undefined,
    overriddenStatus: text('overriddenStatus'),
    status: text('status'),
    instance: fields['instanceInfo'] == null ? undefined : readInstance(fields['instanceInfo']),
  };
}
