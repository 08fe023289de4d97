export { AdminUiModule, type AdminUiOptions } from './admin-ui.module.ts';
export { StaticSite, type StaticAnswer, type StaticRequest } from './static-site.ts';
