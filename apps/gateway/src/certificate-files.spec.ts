import { certificateFilesOf } from './certificate-files.ts';
import { readGatewaySettings } from './settings-table.ts';

const read = async (...args: string[]) => certificateFilesOf((await readGatewaySettings(args, {})).settings);
const BUNDLES = [
  '--spring.ssl.bundle.pem.web.keystore.certificate=web.pem',
  '--spring.ssl.bundle.pem.web.keystore.private-key=web.key',
  '--spring.ssl.bundle.pem.shop.keystore.certificate=file:/etc/shop.pem',
  '--spring.ssl.bundle.pem.shop.keystore.privateKey=file:///etc/shop.key',
];
const SHOP = [
  '--server.ssl.server-name-bundles[0].server-name=*.shop.test',
  '--server.ssl.serverNameBundles[0].bundle=shop',
];

it('reads certificates by host name as Spring Boot writes them', async () => {
  expect(await read(...BUNDLES)).toEqual([]);
  expect(await read(...BUNDLES, ...SHOP, '--server.ssl.bundle=web')).toEqual([
    { certificate: 'web.pem', privateKey: 'web.key' },
    { certificate: '/etc/shop.pem', privateKey: '/etc/shop.key', serverNames: ['*.shop.test'] },
  ]);
  const files = ['--server.ssl.certificate=a.pem', '--server.ssl.certificate-private-key=a.key'];
  expect((await read(...files, ...BUNDLES, ...SHOP))[0]).toEqual({ certificate: 'a.pem', privateKey: 'a.key' });
});

it.each([
  [/has no key/, ['--server.ssl.certificate=a.pem']],
  [/private-key is alone/, ['--server.ssl.certificate-private-key=a.key']],
  [/has no default/, [...BUNDLES, ...SHOP]],
  [/"none", which has no certificate/, ['--server.ssl.bundle=none']],
  [/\[0\] is not complete/, [...BUNDLES, '--server.ssl.bundle=web', '--server.ssl.server-name-bundles[0].bundle=web']],
  [
    /"\*\.\*\.a" is no host name/,
    [...BUNDLES, '--server.ssl.bundle=web', SHOP[1] ?? '', '--server.ssl.server-name-bundles[0].server-name=*.*.a'],
  ],
])('refuses with %s what cannot be meant', async (message, args) => {
  await expect(read(...args)).rejects.toThrow(message);
});
