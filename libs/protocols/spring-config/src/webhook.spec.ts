import { createHmac } from 'node:crypto';
import { concernedBy, verifyNotice } from './webhook.ts';

const notice = (headers: Readonly<Record<string, string>>, body: unknown) => ({
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const COMMITS = {
  commits: [{ added: ['my-app-dev.yml'], removed: ['old.yml'], modified: ['sub/application-eu.yml'] }, 7],
};

describe('concernedBy', () => {
  const names = ['my-app-dev', 'my-app', 'my', 'old', 'application-eu', '*'];

  it.each([
    ['x-github-event', 'push'],
    ['x-gitlab-event', 'Push Hook'],
    ['x-gogs-event', 'push'],
    ['x-git-oschina-event', 'Push Hook'],
  ])('reads the commits of %s', (header, value) => {
    expect(concernedBy(notice({ [header]: value }, COMMITS))).toEqual(names);
    expect(concernedBy(notice({ [header]: 'else' }, COMMITS))).toEqual([]);
    expect(concernedBy(notice({ [header]: value }, { commits: 'none' }))).toEqual([]);
  });

  it.each([
    [{ 'x-gitea-event': 'push' }, {}],
    [{ 'x-event-key': 'repo:push', 'x-hook-uuid': 'u' }, { push: { changes: [] } }],
    [{ 'x-event-key': 'repo:refs_changed', 'x-request-id': 'u' }, { changes: [] }],
    [{ 'x-event-key': 'pr:merged', 'x-request-id': 'u' }, {}],
  ])('takes %j for a change of everything', (headers: Readonly<Record<string, string>>, body) => {
    expect(concernedBy(notice(headers, body))).toEqual(['*']);
  });

  it.each([['nothing'], ['[]'], ['{"path":7}'], ['{"path":[]}'], ['']])('makes nothing of %j', (body) => {
    expect(concernedBy(notice({ 'content-type': 'application/json', 'x-event-key': 'repo:push' }, body))).toEqual([]);
  });

  it('reads paths given by hand', () => {
    expect(concernedBy(notice({}, { path: ['a-b.yml', 'a.yml'] }))).toEqual(['a-b', 'a']);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(concernedBy(notice(form, 'path=x-y.yml&path=-z.yml'))).toEqual(['x-y', 'x', '-z']);
  });
});

describe('verifyNotice', () => {
  const body = '{"a":1}';
  const digest = createHmac('sha256', 'secret').update(body).digest('hex');

  it.each([
    [{ 'x-hub-signature-256': `sha256=${digest}` }],
    [{ 'x-hub-signature': `sha256=${digest}` }],
    [{ 'x-gitea-signature': digest }],
    [{ 'x-gogs-signature': digest }],
    [{ 'x-gitlab-token': 'secret' }],
    [{ 'x-gitee-token': 'secret' }],
  ])('takes %j', (headers: Readonly<Record<string, string>>) => {
    expect(() => verifyNotice(notice(headers, body), 'secret')).not.toThrow();
    expect(() => verifyNotice(notice(headers, body), 'other!')).toThrow('not signed');
  });

  it('refuses what is not signed, or signed for another body', () => {
    expect(() => verifyNotice(notice({}, body), 'secret')).toThrow('not signed');
    expect(() => verifyNotice(notice({ 'x-gitea-signature': digest }, '{}'), 'secret')).toThrow('not signed');
  });
});
