import { configSourceContract } from '#engines/contract';
import { openFolderSource } from './folder-source.ts';

describe('contract: plain folder', () => {
  configSourceContract({ open: (folder) => openFolderSource({ folder: `${folder}/` }) });
});

describe('openFolderSource', () => {
  it('refuses what is no folder', async () => {
    await expect(openFolderSource({ folder: '/nowhere/at/all' })).rejects.toMatchObject({ code: 'no-such-folder' });
  });
});
