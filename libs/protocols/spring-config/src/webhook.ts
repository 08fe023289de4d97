import { createHmac, timingSafeEqual } from 'node:crypto';
import { CardeaError } from '#kernel';

type Headers = Readonly<Record<string, string | string[] | undefined>>;
type Body = Readonly<Record<string, unknown>>;

/** What a host's push notification says. */
export interface PushNotice {
  readonly headers: Headers;
  readonly body: Buffer;
}

/** A push whose host does not say which files it touched may have touched all. */
const ANYTHING = ['application.yml'];

/** Reads a notice of the kinds that Spring Cloud Config Monitor knows; the first that recognises it wins. */
const READERS: readonly ((
  header: (name: string) => string | undefined,
  body: Body,
) => readonly string[] | undefined)[] = [
  (header, body) => (header('x-github-event') === 'push' ? filesOfCommits(body) : undefined),
  (_header, { path }) => (Array.isArray(path) ? path.map(String) : typeof path === 'string' ? [path] : undefined),
  (header, body) => (header('x-gitlab-event') === 'Push Hook' ? filesOfCommits(body) : undefined),
  (header, body) => (header('x-gogs-event') === 'push' ? filesOfCommits(body) : undefined),
  (header, body) => (header('x-git-oschina-event') === 'Push Hook' ? filesOfCommits(body) : undefined),
  (header) => (header('x-gitea-event') === 'push' ? ANYTHING : undefined),
  (header, { push, changes }) => {
    const event = header('x-event-key') ?? '';
    const cloud = /^(?:repo:push|pullrequest:fulfilled)$/.test(event) && header('x-hook-uuid') !== undefined;
    if (cloud && isRecord(push) && Array.isArray(push['changes'])) return ANYTHING;
    if (header('x-request-id') === undefined) return undefined;
    return event === 'pr:merged' || (event === 'repo:refs_changed' && Array.isArray(changes)) ? ANYTHING : undefined;
  },
];

/** Applications (and applications with profiles) that a push concerns, by the names of its files; `*` is all. */
export function concernedBy({ headers, body }: PushNotice): readonly string[] {
  const header = (name: string): string | undefined => [headers[name]].flat()[0];
  const content = bodyOf(body, header('content-type'));
  for (const read of READERS) {
    const paths = read(header, content);
    if (paths !== undefined && paths.length > 0) return [...new Set(paths.flatMap(namesOf))];
  }
  return [];
}

/** Throws a CardeaError `unsigned-notice` unless the notice was signed with this secret, in whichever way its host does. */
export function verifyNotice({ headers, body }: PushNotice, secret: string): void {
  const header = (name: string): string => [headers[name]].flat()[0] ?? '';
  const digest = createHmac('sha256', secret).update(body).digest('hex');
  const signatures = [
    header('x-hub-signature-256').replace(/^sha256=/, ''),
    header('x-hub-signature').replace(/^sha256=/, ''),
    header('x-gitea-signature'),
    header('x-gogs-signature'),
  ];
  const tokens = [header('x-gitlab-token'), header('x-gitee-token')];
  if (signatures.some((given) => equal(given, digest)) || tokens.some((given) => equal(given, secret))) return;
  throw new CardeaError('unsigned-notice', 'the notice is not signed with the secret of this server', {
    source: 'downstream',
    remedy: 'give the host of the repository the secret of cardea.config-server.webhook-secret',
  });
}

function equal(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function bodyOf(body: Buffer, contentType = ''): Body {
  const text = body.toString('utf8');
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    return { path: new URLSearchParams(text).getAll('path') };
  }
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function filesOfCommits({ commits }: Body): readonly string[] {
  if (!Array.isArray(commits)) return [];
  return commits
    .filter(isRecord)
    .flatMap((commit) => [commit['added'], commit['removed'], commit['modified']])
    .flatMap((files) => (Array.isArray(files) ? files.map(String) : []));
}

/** `sub/my-app-dev.yml` may be of `my-app-dev`, of `my-app`, and of `my`. */
function namesOf(path: string): readonly string[] {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const names: string[] = [];
  for (let end = file.length; end > 0; end = file.lastIndexOf('-', end - 1)) {
    const name = file.slice(0, end);
    names.push(name === 'application' ? '*' : name);
  }
  return names;
}

function isRecord(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
