export { translateSpringCloudGateway } from './translate.ts';
