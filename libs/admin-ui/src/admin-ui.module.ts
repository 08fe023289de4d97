import { fileURLToPath } from 'node:url';
import { Module, type DynamicModule } from '@nestjs/common';
import { AdminUiController } from './admin-ui.controller.ts';
import { StaticSite } from './static-site.ts';

export interface AdminUiOptions {
  /** Folder of the built UI. Default: where the build puts it, beside the compiled sources. */
  readonly folder?: string;
  /** Path prefixes of other interfaces on the same port: what they do not know is a 404, never the UI. */
  readonly reserved?: readonly string[];
}

const RESERVED = ['/actuator', '/api', '/registry', '/config'];

/** Serves the admin UI at the root of the port, behind everything else that is there. */
@Module({})
export class AdminUiModule {
  static register({ folder, reserved = RESERVED }: AdminUiOptions = {}): DynamicModule {
    const site = new StaticSite(folder ?? fileURLToPath(new URL('../web/', import.meta.url)), reserved);
    return {
      module: AdminUiModule,
      controllers: [AdminUiController],
      providers: [{ provide: StaticSite, useValue: site }],
    };
  }
}
