import { existsSync, readFileSync } from 'node:fs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';

const minify = terser({ ecma: 2020, module: true, compress: { passes: 2 }, format: { comments: false } });

/** Lets the maps of the bundles lead back to the TypeScript. */
const sourceMaps = {
  name: 'source-maps',
  load(id) {
    const map = `${id}.map`;
    if (!existsSync(map)) return null;
    return { code: readFileSync(id, 'utf8'), map: readFileSync(map, 'utf8') };
  },
};

/**
 * Lit as a guest. As published it needs a DOM the moment it is imported, which throws in Node, and leaves its versions and
 * a map (for standard decorators; ours are TypeScript's) in the globals of somebody else's page.
 */
const LIT_EDITS = {
  '/lit-html/lit-html.js': [
    [/=document,/, '=globalThis.document??{createTreeWalker(){}},'],
    [/\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, '0'],
  ],
  '/lit-element/lit-element.js': [[/\(\w+\.litElementVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, '0']],
  '/@lit/reactive-element/reactive-element.js': [
    [/ extends HTMLElement\{/, ' extends(globalThis.HTMLElement??class{}){'],
    [/Symbol\.metadata\?\?=Symbol\("metadata"\),\w+\.litPropertyMetadata\?\?=new WeakMap;/, ';'],
    [/litPropertyMetadata\.get\(\w+\)/, 'void 0'],
    [/\(\w+\.reactiveElementVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, '0'],
  ],
};

const politeLit = {
  name: 'polite-lit',
  transform(code, id) {
    const file = Object.keys(LIT_EDITS).find((path) => id.endsWith(path));
    if (!file) return null;
    for (const [pattern, replacement] of LIT_EDITS[file]) {
      if (!pattern.test(code)) this.error(`${pattern} is no longer in ${file}: has Lit changed?`);
      code = code.replace(pattern, replacement);
    }
    return { code, map: null };
  },
};

/** Style sheets without their comments and indentation. */
const tightStyles = {
  name: 'tight-styles',
  transform(code) {
    if (!code.includes('css `')) return null;
    const tight = (sheet) =>
      sheet
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\s+/g, ' ')
        .replace(/ ?([{};]) ?/g, '$1')
        .replaceAll(';}', '}');
    return { code: code.replace(/(?<=css )`[^`]*`/g, tight), map: null };
  },
};

/** The classic script has no one to export to: it imports the entry for what it does, and nothing else. */
const classicEntry = {
  name: 'classic-entry',
  resolveId: (id) => (id === 'classic-entry' ? id : null),
  load: (id) => (id === 'classic-entry' ? `import '${process.cwd()}/build/modules/index.js';` : null),
};

/** A warning, such as an import that was not found, stops the build. TypeScript's decorators ask for `this` and need not have it. */
function onwarn(warning) {
  if (warning.code !== 'THIS_IS_UNDEFINED') throw new Error(warning.message);
}

/** Lets go of schemas that only the server checks: reading a property of one has no effect. */
const treeshake = { propertyReadSideEffects: false };

const resolve = nodeResolve({ browser: true, ignoreSideEffectsForRoot: true });

export default ({ configDir: dir = 'dist' }) => [
  {
    onwarn,
    treeshake,
    input: { 'tavus-practice': `${dir}/modules/index.js` },
    // The chunks share code with the entry; without this it would become an empty file in front of one more download.
    preserveEntrySignatures: 'allow-extension',
    output: {
      dir,
      format: 'es',
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
    },
    plugins: [sourceMaps, politeLit, tightStyles, resolve, minify],
  },
  {
    onwarn,
    treeshake,
    input: 'classic-entry',
    output: { file: `${dir}/tavus-practice.iife.js`, format: 'iife', sourcemap: true, inlineDynamicImports: true },
    plugins: [classicEntry, sourceMaps, politeLit, tightStyles, resolve, minify],
  },
];
