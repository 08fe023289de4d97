import { SymmetricCipher } from './cipher.ts';

// Each was decrypted by Spring's own Encryptors.text.
const VECTORS = [
  ['foo', 'deadbeef', 'mysecret', '000102030405060708090a0b0c0d0e0f92c516ebbdf9aecbb68f22247c57812d'],
  ['changeme', 'deadbeef', '', 'ffffffffffffffffffffffffffffffff7219ba296d8fd37f2c0caedc2c7f2e7d'],
  [
    's3cr3t-key',
    'cafebabe00112233',
    '0123456789abcdef',
    '0f0e0d0c0b0a09080706050403020100878eb2372bdb8219c14635d94144e4802375cc435e1ac9eea67d9f1a9bbdcbf9',
  ],
  [
    'pässwörd✓',
    'deadbeef',
    'héllo wörld 😀',
    'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb7c35c1758dba937738bab277c2424fa13b0d0f33a8bf6ec4e17131c4602b4df',
  ],
  [
    'foo',
    'deadbeef',
    '{plain}{key:x} literal with spaces and = + / signs, long enough to need several blocks',
    '111111111111111111111111111111111646130767f93a24a9d3f08360f5bdd78d6c598f9759ab328097abca5ead59b6cc915eca57d1b949e0b34efab3602f54eec516d0bf382f853be30f37aa60ba89c8fab82b8c730bc845f226b7c6296b0b1d388e57357b0c142544c127422a5a1d',
  ],
] as const;

describe('SymmetricCipher', () => {
  it.each(VECTORS)('writes and reads what Spring does: key %s', (key, salt, plain, hex) => {
    const cipher = new SymmetricCipher(key, salt);
    expect(cipher.encrypt(plain, Buffer.from(hex.slice(0, 32), 'hex'))).toBe(hex);
    expect(cipher.decrypt(hex)).toBe(plain);
    expect(cipher.decrypt(`{key:a}{secret:b}${hex}`)).toBe(plain);
  });

  it.each(['', 'abc', 'zz', ' 00', '00'.repeat(32)])('refuses "%s"', (text) => {
    expect(() => new SymmetricCipher('foo').decrypt(text)).toThrow('not encrypted with this key');
  });

  it('refuses a salt that is not hexadecimal', () => {
    expect(() => new SymmetricCipher('foo', 'salt')).toThrow('encrypt.salt');
  });
});
