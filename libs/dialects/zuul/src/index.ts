export { translateZuul } from './translate.ts';
