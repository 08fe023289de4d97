import { createRequire } from 'node:module';

/** One message as Node's own parser (llhttp, strict) read it. */
export interface LlhttpMessage {
  /** `METHOD target` or `status reason`. */
  start: string;
  /** Name, value, name, value... as they came. */
  headers: readonly string[];
  body: string;
  complete: boolean;
}

interface Parser {
  initialize(type: number, resource: object): void;
  execute(bytes: Buffer): number | Error;
  finish(): unknown;
  close(): void;
  [event: number]: unknown;
}

interface ParserClass {
  new (): Parser;
  readonly REQUEST: number;
  readonly RESPONSE: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
}

interface HttpCommon {
  readonly HTTPParser: ParserClass;
  /** Names by the parser's numbers. */
  readonly methods: readonly string[];
}

/** No public module exports the parser; tests may use what only Node's own code should. */
function load(): HttpCommon {
  const loaded: unknown = createRequire(import.meta.url)('_http_common');
  if (isHttpCommon(loaded)) return loaded;
  throw new Error('this Node has no HTTPParser any more');
}

function isHttpCommon(value: unknown): value is HttpCommon {
  return typeof value === 'object' && value !== null && 'HTTPParser' in value && 'methods' in value;
}

const { HTTPParser: HttpParser, methods: METHODS } = load();

/** Reads a connection's bytes up to the first fault. `methods`: those of the requests that answers belong to. */
export function readWithLlhttp(
  kind: 'requests' | 'answers',
  bytes: Buffer,
  methods: readonly string[] = [],
): LlhttpMessage[] {
  const messages: LlhttpMessage[] = [];
  let finals = 0;
  const parser = new HttpParser();
  parser.initialize(kind === 'requests' ? HttpParser.REQUEST : HttpParser.RESPONSE, {});
  parser[HttpParser.kOnHeadersComplete] = (
    _major: number,
    _minor: number,
    headers: readonly string[],
    method: number,
    url: string,
    status: number,
    reason: string,
  ): number => {
    const start = kind === 'requests' ? `${METHODS[method] ?? ''} ${url}` : `${status} ${reason}`;
    messages.push({ start, headers, body: '', complete: false });
    if (kind === 'requests' || status < 200) return 0;
    // 1: no body follows, whatever the head says.
    return methods[finals++] === 'HEAD' ? 1 : 0;
  };
  parser[HttpParser.kOnBody] = (piece: Buffer): void => {
    const last = messages.at(-1);
    if (last) last.body += piece.toString('latin1');
  };
  parser[HttpParser.kOnMessageComplete] = (): void => {
    const last = messages.at(-1);
    if (last) last.complete = true;
  };
  if (typeof parser.execute(bytes) === 'number') parser.finish();
  parser.close();
  return messages;
}
