/** Unit tests live beside the code; test/ holds those that need real processes or real engines. */
export default {
  rootDir: import.meta.dirname,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'import', 'default'] },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.cardea'],
  collectCoverageFrom: [
    'libs/**/*.ts',
    '!**/*.spec.ts',
    '!libs/testing/**',
    '!libs/engines/contract/**',
    '!libs/admin-ui/web/**',
  ],
  coverageProvider: 'babel',
  coverageDirectory: '.cardea/coverage',
};
