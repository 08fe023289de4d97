import type { SymmetricCipher } from '#config';
import { JSON_TYPE, Refusal, reply, type SpringReply } from './spring-reply.ts';

const TEXT = { 'content-type': 'text/plain;charset=UTF-8' };

/** `POST /encrypt` and `POST /decrypt`. */
export function answerCipher(
  action: 'encrypt' | 'decrypt',
  cipher: SymmetricCipher | undefined,
  contentType: string | undefined,
  body: Buffer,
): SpringReply {
  if (cipher === undefined) return noKey();
  if (contentType === undefined || body.length === 0) throw new Refusal(400);
  const text = bodyText(body.toString('utf8'), contentType, action === 'decrypt');
  if (text.startsWith('{cipher}')) return invalidCipher();
  if (action === 'encrypt') {
    const pairs = /^(?:\{(?!plain\})[^{}:]*:[^{}]*\})*/.exec(text)?.[0] ?? '';
    const kept = pairs.replace(/\{(?:name|profiles):[^{}]*\}/g, '');
    return reply(200, TEXT, kept + cipher.encrypt(text.slice(pairs.length).replace(/^\{plain\}/, '')));
  }
  try {
    return reply(200, TEXT, cipher.decrypt(text));
  } catch {
    return invalidCipher();
  }
}

export function answerCipherStatus(cipher: SymmetricCipher | undefined): SpringReply {
  return cipher === undefined ? noKey() : reply(200, JSON_TYPE, '{"status":"OK"}');
}

/** `GET /key`: a symmetric key has no public half. */
export const noPublicKey = (): SpringReply =>
  reply(404, JSON_TYPE, '{"description":"No public key available","status":"NOT_FOUND"}');

/** curl posts a form unless told otherwise: `a+b` means `a b`, and the `=` at the end was added. */
function bodyText(text: string, contentType: string, cipherText: boolean): string {
  if (/^text\/plain\b/i.test(contentType)) return text;
  let form = text;
  try {
    form = decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Not a form: literal.
  }
  form = form.replace(/=$/, '');
  return cipherText ? form.replaceAll(' ', '+') : form;
}

const noKey = (): SpringReply =>
  reply(404, JSON_TYPE, '{"description":"No key was installed for encryption service","status":"NO_KEY"}');
const invalidCipher = (): SpringReply =>
  reply(400, JSON_TYPE, '{"description":"Text not encrypted with this key","status":"INVALID"}');
