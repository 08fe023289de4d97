#!/usr/bin/env node
/**
 * Joins what `tsc` built, with the packages it uses, into a few files below `dist/apps/cardea/bundle`: half the memory and
 * half the start-up of thousands of files. Runs on the pinned runtime, after the build. Nothing depends on it: without the
 * bundle `bin/cardea` runs `dist/apps/cardea/src/main.js`. See docs/adr/0015-bundled-for-memory.md.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { MagicString } from 'magic-string';
import { rolldown } from 'rolldown';
import { minifySync } from 'rolldown/utils';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const target = join(dist, 'apps/cardea/bundle');
const fresh = `${target}.${process.pid}`;
/** How long the parts of earlier bundles stay. */
const KEPT_MS = 3_600_000;

/** Entries: the command, and what it forks. Forked files lie beside the code that forks them. */
const input = {
  main: join(dist, 'apps/cardea/src/main.js'),
  worker: join(dist, 'apps/gateway/src/worker.js'),
  service: join(dist, 'apps/cardea/src/demo/service.js'),
};

/** Packages that must be there once, whoever loads them, or that are loaded only where a setting asks for them. */
const external = ['reflect-metadata', 'ioredis', 'consul'];

/** Nest looks for these and does without. The bus uses the transports of @nestjs/microservices itself. */
const absentFor = {
  '@nestjs/core': /^@nestjs\/(microservices|websockets)(\/|$)/,
  '@nestjs/common': /^class-(validator|transformer)(\/|$)/,
};

/**
 * An import statement evaluates every export of a built-in module. Getters among them load what nobody here wants: all of
 * undici (14 MB) for `http.WebSocket`, WebCrypto, the root certificates as text. Taken without the statement, only what is
 * used is loaded; an import of such a getter fails the bundling.
 */
const lean = ['node:http', 'node:crypto', 'node:tls'];

/** Fastify's JSON schemas: half of its text. Routes of Nest name none; one that does is told so at start. */
const schemas = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler'];

/** Required at the top of packages that use them in options nobody sets here. */
const later = ['node:http2', 'node:https', 'node:zlib', 'node:cluster', 'node:worker_threads'];

/** Published for Node as CommonJS, of which nothing can be left out. */
const moduleForms = {
  'rxjs/operators': join(root, 'node_modules/rxjs/dist/esm/operators/index.js'),
  rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js'),
};

const PREFIX = '\0cardea:';

const nodeModules = {
  name: 'node-modules',
  resolveId(id, importer, { kind }) {
    const name = id.startsWith('node:') ? id : `node:${id}`;
    if (kind === 'require-call' && later.includes(name)) return `${PREFIX}later:${name}`;
    if (schemas.includes(id)) return `${PREFIX}schemas:${id}`;
    if (kind === 'import-statement' && lean.includes(name)) return `${PREFIX}lean:${name}`;
    const owner = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(importer ?? '')?.[1];
    if (owner !== undefined && absentFor[owner]?.test(id)) return `${PREFIX}absent:${id}`;
    return null;
  },
  load(id) {
    if (!id.startsWith(PREFIX)) return null;
    const [, kind, ...rest] = id.split(':');
    const name = rest.join(':');
    if (kind === 'absent') return `throw new Error(${JSON.stringify(`${name} is not used here`)});`;
    if (kind === 'schemas')
      return `module.exports = () => () => { throw new Error('bin/bundle.mjs leaves out ${name}'); };`;
    const load = `process.getBuiltinModule(${JSON.stringify(name)})`;
    if (kind === 'later') return `module.exports = new Proxy({}, { get: (_target, key) => ${load}[key] });`;
    const properties = Object.getOwnPropertyDescriptors(process.getBuiltinModule(name));
    const names = Object.keys(properties).filter((key) => properties[key].get === undefined);
    return `const builtin = ${load};\nexport default builtin;\nexport const { ${names.join(', ')} } = builtin;`;
  },
};

/** What lies beside a compiled file is found from where that file was, and the maps lead to the TypeScript. */
const compiled = {
  name: 'compiled',
  load(id) {
    if (!id.startsWith(dist) || !id.endsWith('.js')) return null;
    const code = readFileSync(id, 'utf8');
    const map = existsSync(`${id}.map`) ? JSON.parse(readFileSync(`${id}.map`, 'utf8')) : undefined;
    if (!code.includes('import.meta.url')) return { code, map };
    const place = JSON.stringify(relative(target, id));
    return { code: code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`), map };
  },
};

/** Shorter text, since V8 keeps it. Names stay: Nest wires by class name, and stack traces are read by people. */
const shorten = {
  name: 'shorten',
  renderChunk(code, { fileName }) {
    const shorter = minifySync(fileName, code, {
      module: true,
      compress: true,
      mangle: false,
      codegen: { removeWhitespace: true },
      sourcemap: true,
    });
    if (shorter.errors.length > 0) throw new Error(`${fileName}: ${shorter.errors[0].message}`);
    return { code: shorter.code, map: shorter.map };
  },
};

/** One character beyond Latin-1 makes V8 keep the whole file in two bytes per character. */
const latin = {
  name: 'latin-1',
  renderChunk(code) {
    if (!/[\u0100-\uffff]/.test(code)) return null;
    const text = new MagicString(code);
    for (const { index, 0: unit } of code.matchAll(/[\u0100-\uffff]/g)) {
      text.update(index, index + 1, `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    }
    return { code: text.toString(), map: text.generateMap({ hires: true }) };
  },
};

const bundle = await rolldown({
  cwd: root,
  input,
  external,
  platform: 'node',
  plugins: [nodeModules, compiled, shorten, latin],
  resolve: { alias: moduleForms },
  // Nest's modules only define things; its two index files load reflect-metadata.
  treeshake: { moduleSideEffects: [{ test: /@nestjs\/(?!(common|core)\/index\.js)/, sideEffects: false }] },
  onLog(level, log, report) {
    // Drivers that Nest imports where they are used, and nobody here installs.
    if (log.code !== 'UNRESOLVED_IMPORT' || !log.message.includes('node_modules/@nestjs/')) report(level, log);
  },
});
await bundle.write({
  dir: fresh,
  format: 'esm',
  sourcemap: true,
  // The plugins above have done it; by default the result would be printed anew.
  minify: false,
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();

// A process that runs from the last bundle may still load a part of it. Parts are named by content, entries come last.
const names = readdirSync(fresh);
const isEntry = (name) => Object.keys(input).some((entry) => name === `${entry}.js` || name === `${entry}.js.map`);
mkdirSync(target, { recursive: true });
for (const name of [...names.filter((name) => !isEntry(name)), ...names.filter(isEntry)]) {
  renameSync(join(fresh, name), join(target, name));
}
rmSync(fresh, { recursive: true });
for (const name of readdirSync(target)) {
  const path = join(target, name);
  if (!names.includes(name) && Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path);
}
// Node keeps what it compiled by the content of the file, and never forgets.
rmSync(join(dist, '.compile-cache'), { recursive: true, force: true });
