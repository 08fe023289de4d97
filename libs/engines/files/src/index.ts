export { type FolderSourceOptions, openFolderSource } from './folder-source.ts';
