import { DOWNSTREAM_DEFAULTS } from '#dataplane';
import { listenOptionsOf } from './listen-options.ts';
import { readGatewaySettings } from './settings-table.ts';

describe('the settings of a gateway', () => {
  it('come from Spring’s keys', async () => {
    const { settings, remote } = await readGatewaySettings(
      ['--server.port=81', '--gateway.workers=auto', '--spring.profiles.active=a,b'],
      {
        SPRING_CLOUD_CONFIG_URI: 'http://config:8888/',
        MANAGEMENT_SERVER_PORT: '82',
      },
    );
    expect(settings).toMatchObject({
      port: 81,
      managementPort: 82,
      configUrl: 'http://config:8888',
      profiles: ['a', 'b'],
    });
    expect(remote).toBeUndefined();
    expect(settings.workers).toBeGreaterThanOrEqual(1);
  });

  it('have every limit of the data plane, with its default', async () => {
    const { settings } = await readGatewaySettings(
      [
        '--cardea.gateway.max-body-size=10MB',
        '--cardea.gateway.request-timeout=30s',
        '--cardea.gateway.max-url-length=4KB',
      ],
      {},
    );
    const { limits } = listenOptionsOf(settings, []);
    expect(limits).toEqual({
      ...DOWNSTREAM_DEFAULTS,
      maxHeaderBytes: 65_536,
      maxBodyBytes: 10_485_760,
      requestTimeoutMs: 30_000,
      maxTargetBytes: 4_096,
    });
  });

  it('name a Consul instead of a registry', async () => {
    const { settings } = await readGatewaySettings(
      ['--cardea.registry.url=consul+https://consul.internal:8501/', '--cardea.registry.consul-services=orders, users'],
      { CARDEA_REGISTRY_CONSULTOKEN: 't' },
    );
    expect(settings).toMatchObject({
      registryUrl: 'consul+https://consul.internal:8501',
      consulServices: ['orders', 'users'],
      consulToken: 't',
    });
    await expect(readGatewaySettings(['--cardea.registry.url=consul://'], {})).rejects.toThrow('is not a URL');
  });

  it('are refused with what to write instead', async () => {
    await expect(readGatewaySettings(['--cardea.gateway.workers=0'], {})).rejects.toThrow(
      '"0" is no number of processes',
    );
    await expect(readGatewaySettings(['--server.port=x', '--cardea.regstry.url=http://a'], {})).rejects.toThrow(
      /"x" is not a port.*\n.*did you mean --cardea.registry.url\?/,
    );
    await expect(readGatewaySettings(['--config=none.yml'], {})).rejects.toThrow('there is no none.yml');
  });
});
