export { translateSpringCloudGateway } from './translate.ts';
export { translateJavaRegex, type RegexTranslation } from './java-regex.ts';
