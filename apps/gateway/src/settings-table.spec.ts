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
