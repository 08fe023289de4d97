/** One HTTP/1.1 answer taken out of raw bytes. */
export interface RawAnswer {
  readonly status: number;
  /** Header lines as they came. */
  readonly head: string;
  /** Values by lower-case name; lines of one name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  body: string;
  /** Lines behind the last chunk. */
  trailers: string;
  complete: boolean;
}

/**
 * Splits a client's bytes into answers: simple, and independent of the codec under test. `methods` are those of the
 * requests in order. Throws for bytes that are no answer.
 */
export function readAnswers(received: string, methods: readonly string[] = [], ended = false): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let finals = 0;
  for (
    let taken = takeAnswer(received, methods[0], ended);
    taken;
    taken = takeAnswer(taken.rest, methods[finals], ended)
  ) {
    answers.push(taken.answer);
    if (taken.answer.status === 101) break;
    if (taken.answer.status >= 200) finals += 1;
  }
  return answers;
}

/** The first answer in the text, if its head is complete, and what follows it. */
export function takeAnswer(
  text: string,
  method: string | undefined,
  ended: boolean,
): { readonly answer: RawAnswer; readonly rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end + 2);
  const rest = text.slice(end + 4);
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
  if (Number.isNaN(status)) throw new Error(`no answer: ${JSON.stringify(head.slice(0, 200))}`);
  const answer: RawAnswer = { status, head, headers: headersOf(head), body: '', trailers: '', complete: true };
  if (status === 101) {
    answer.body = rest;
    return { answer, rest: '' };
  }
  const bodyless = status < 200 || status === 204 || status === 304 || method === 'HEAD';
  return { answer, rest: bodyless ? rest : readBody(answer, rest, ended) };
}

function readBody(answer: RawAnswer, rest: string, ended: boolean): string {
  if (answer.headers['transfer-encoding'] === 'chunked') return readChunks(answer, rest);
  const length = answer.headers['content-length'];
  if (length === undefined) {
    answer.body = rest;
    answer.complete = ended;
    return '';
  }
  const size = Number(length);
  answer.body = rest.slice(0, size);
  answer.complete = answer.body.length === size;
  return rest.slice(size);
}

function readChunks(answer: RawAnswer, text: string): string {
  let rest = text;
  answer.complete = false;
  for (;;) {
    const line = /^([0-9a-f]+)\r\n/i.exec(rest);
    if (!line) return '';
    const size = Number.parseInt(line[1] ?? '', 16);
    rest = rest.slice(line[0].length);
    if (size === 0) {
      const end = rest.startsWith('\r\n') ? 0 : rest.indexOf('\r\n\r\n') + 2;
      if (end === 1) return '';
      answer.trailers = rest.slice(0, end);
      answer.complete = true;
      return rest.slice(end + 2);
    }
    answer.body += rest.slice(0, size);
    if (rest.length < size + 2) return '';
    rest = rest.slice(size + 2);
  }
}

function headersOf(head: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}
