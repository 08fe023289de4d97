import { Module, type DynamicModule } from '@nestjs/common';
import { AdminUiModule } from '#admin-ui';
import { Actuator, loadActuatorController } from '#protocols/actuator';
import { TrafficControl } from '../traffic-control.ts';
import { AdminApiController } from './admin-api.controller.ts';
import { LiveStream } from './live-stream.ts';

export interface ManagementParts {
  readonly actuator: Actuator;
  readonly control: TrafficControl;
  readonly live: LiveStream;
}

@Module({})
export class ManagementModule {
  static async with({ actuator, control, live }: ManagementParts): Promise<DynamicModule> {
    return {
      module: ManagementModule,
      imports: [AdminUiModule.register()],
      controllers: [await loadActuatorController(), AdminApiController],
      providers: [
        { provide: Actuator, useValue: actuator },
        { provide: TrafficControl, useValue: control },
        { provide: LiveStream, useValue: live },
      ],
    };
  }
}
