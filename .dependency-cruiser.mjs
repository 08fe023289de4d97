/**
 * The dependency rule: ideas are layered, imports go from right to left only.
 *
 *   kernel ← event-stream ← traffic ← registry ← config ← loadbalancer ← resilience ← health ← dataplane
 *          ← dialects, protocols, engines, bus, security, telemetry ← admin-ui ← apps
 */
const ideas = [
  'kernel',
  'event-stream',
  'traffic',
  'registry',
  'config',
  'loadbalancer',
  'resilience',
  'health',
  'dataplane',
];
const edge = ['dialects', 'protocols', 'engines', 'bus', 'security', 'telemetry', 'settings'];
const families = ['dialects', 'protocols', 'engines'];
const lib = (names) => `^libs/(${names.join('|')})/`;

const forbidden = [
  {
    name: 'no-cycles',
    comment: 'A cycle means that two files are one idea, or that a third idea is missing.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'only-through-index',
    comment: 'A lib is imported through its src/index.ts (written #name), never by a path into it.',
    severity: 'error',
    from: { path: '^(apps|libs)/' },
    to: {
      path: '^libs/.+\\.ts$',
      pathNot: '^libs/.+/src/index\\.ts$',
      dependencyTypes: ['aliased', 'aliased-subpath-import'],
    },
  },
  {
    name: 'no-reaching-into-another-lib',
    comment: 'A relative import stays inside its own lib.',
    severity: 'error',
    from: { path: '^libs/((?:dialects|protocols|engines)/[^/]+|[^/]+)/' },
    to: {
      path: '^libs/',
      pathNot: '^libs/$1/',
      dependencyTypesNot: ['aliased', 'aliased-subpath-import'],
    },
  },
  {
    name: 'libs-know-no-app',
    severity: 'error',
    from: { path: '^libs/' },
    to: { path: '^apps/' },
  },
  {
    name: 'edge-knows-no-admin-ui',
    severity: 'error',
    from: { path: lib([...ideas, ...edge]), pathNot: '\\.spec\\.ts$' },
    to: { path: lib(['admin-ui']) },
  },
  {
    name: 'only-apps-read-settings',
    severity: 'error',
    from: { path: '^libs/', pathNot: '^libs/settings/' },
    to: { path: lib(['settings']) },
  },
  {
    name: 'testing-is-for-tests',
    severity: 'error',
    from: { path: '^(apps|libs)/', pathNot: ['\\.(spec|fixture)\\.ts$', '^libs/testing/', '^libs/engines/contract/'] },
    to: { path: lib(['testing']) },
  },
  {
    name: 'nest-only-at-the-edge',
    comment: 'Rules live in plain classes; Nest wires, owns lifecycles and speaks HTTP for the control plane.',
    severity: 'error',
    from: { path: '^libs/', pathNot: ['\\.(module|controller)\\.ts$', '^libs/bus/'] },
    to: { path: 'node_modules/@nestjs/' },
  },
  {
    name: 'data-plane-stays-light',
    severity: 'error',
    from: { path: '^libs/(dataplane|traffic|loadbalancer|resilience|kernel)/', pathNot: '\\.spec\\.ts$' },
    to: { path: 'node_modules/(@nestjs|rxjs|express|fastify|zod|yaml)/' },
  },
];

for (const [index, name] of ideas.entries()) {
  const right = [...ideas.slice(index + 1), ...edge];
  forbidden.push({
    name: `${name}-looks-left-only`,
    severity: 'error',
    from: { path: lib([name]), pathNot: '\\.spec\\.ts$' },
    to: { path: lib(right) },
  });
}
for (const family of families) {
  forbidden.push({
    name: `${family}-members-are-strangers`,
    severity: 'error',
    from: { path: `^libs/${family}/([^/]+)/`, pathNot: '\\.spec\\.ts$' },
    to: { path: `^libs/${family}/`, pathNot: [`^libs/${family}/$1/`, '^libs/engines/contract/'] },
  });
}
forbidden.push({
  name: 'protocols-know-no-engine',
  severity: 'error',
  from: { path: '^libs/(protocols|dialects)/', pathNot: '\\.spec\\.ts$' },
  to: { path: lib(['engines']) },
});

export default {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|bench|libs/admin-ui/web)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
