export { type GitSourceOptions, openGitSource } from './open-git-source.ts';
