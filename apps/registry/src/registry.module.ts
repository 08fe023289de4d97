import { Module, type DynamicModule } from '@nestjs/common';
import { EurekaProtocol, loadEurekaController } from '#protocols/eureka';
import { ChangeStream, loadRegistryApiController, RegistryApi } from '#protocols/registry-api';

export interface RegistryParts {
  readonly eureka: EurekaProtocol;
  readonly api: RegistryApi;
  readonly stream: ChangeStream;
}

/** Binds the protocols to one registry. */
@Module({})
export class RegistryModule {
  static async with({ eureka, api, stream }: RegistryParts): Promise<DynamicModule> {
    return {
      module: RegistryModule,
      controllers: await Promise.all([loadEurekaController(), loadRegistryApiController()]),
      providers: [
        { provide: EurekaProtocol, useValue: eureka },
        { provide: RegistryApi, useValue: api },
        { provide: ChangeStream, useValue: stream },
      ],
    };
  }
}
