import { existsSync, readFileSync } from 'node:fs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { transformSync } from 'esbuild';
import MagicString from 'magic-string';

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
 * Lit as a guest. As published it needs a DOM the moment it is imported, which throws in Node; it looks for polyfills of
 * browsers long gone, and leaves its versions and a map (for standard decorators; ours are TypeScript's) in the globals of
 * somebody else's page.
 */
const LIT_EDITS = {
  '/lit-html/lit-html.js': [
    [/=document,/, '=globalThis.document??{createTreeWalker(){}},'],
    [/,\w=\w\.litHtmlPolyfillSupport;\w\?\.\(\w,\w\),\(\w\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, ''],
  ],
  '/@lit/reactive-element/decorators/property.js': [
    // What is left is the half for TypeScript's decorators.
    [/"object"==typeof o\?r\(t,e,o\):/, ''],
  ],
  '/lit-element/lit-element.js': [
    [
      /,\w\.litElementHydrateSupport\?\.\(\{LitElement:\w\}\);const \w=\w\.litElementPolyfillSupport;\w\?\.\(\{LitElement:\w\}\)/,
      '',
    ],
    [/\(\w\.litElementVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, '0'],
  ],
  '/@lit/reactive-element/reactive-element.js': [
    [/ extends HTMLElement\{/, ' extends(globalThis.HTMLElement??class{}){'],
    [/Symbol\.metadata\?\?=Symbol\("metadata"\),\w+\.litPropertyMetadata\?\?=new WeakMap;/, ';'],
    [/litPropertyMetadata\.get\(\w+\)/, 'void 0'],
    [/,\w=\w\.reactiveElementPolyfillSupport/, ''],
    [/,\w\?\.\(\{ReactiveElement:\w\}\),\(\w\.reactiveElementVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, ''],
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

/** Templates and style sheets without what only their authors need. The maps stay true. */
const tightTemplates = {
  name: 'tight-templates',
  transform(code) {
    if (!/\b(?:css|html) `/.test(code)) return null;
    const tight = new MagicString(code);
    visit(this.parse(code), ({ type, tag, quasi }) => {
      if (type !== 'TaggedTemplateExpression') return;
      for (const { start, end } of quasi.quasis) {
        if (start === end) continue;
        const text = code.slice(start, end);
        if (tag.name === 'html') tight.overwrite(start, end, text.replace(/\s+/g, ' ').replaceAll('> <', '><'));
        if (tag.name === 'css')
          tight.overwrite(start, end, transformSync(text, { loader: 'css', minify: true }).code.trim());
      }
    });
    return { code: tight.toString(), map: tight.generateMap({ hires: true }) };
  },
};

function visit(node, enter) {
  if (!node?.type) return;
  enter(node);
  for (const child of Object.values(node).flat()) visit(child, enter);
}

/** TypeScript's helper serves every kind of decorator. Here there are only those of properties. */
const lightDecorators = {
  name: 'light-decorators',
  transform(code) {
    const helper = /^var __decorate = [\s\S]*?\n};/m.exec(code);
    if (!helper) return null;
    const light =
      'const __decorate = (decorators, target, name) => decorators.forEach((decorate) => decorate(target, name));';
    const edited = new MagicString(code).overwrite(helper.index, helper.index + helper[0].length, light);
    return { code: edited.toString(), map: edited.generateMap({ hires: true }) };
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
    input: { 'tavus-practice': `${dir}/modules/index.js`, react: `${dir}/modules/react/index.js` },
    external: ['react'],
    // The chunks share code with the entry; without this it would become an empty file in front of one more download.
    preserveEntrySignatures: 'allow-extension',
    output: {
      dir,
      format: 'es',
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
    },
    plugins: [sourceMaps, politeLit, tightTemplates, lightDecorators, resolve, minify],
  },
  {
    onwarn,
    treeshake,
    input: 'classic-entry',
    output: { file: `${dir}/tavus-practice.iife.js`, format: 'iife', sourcemap: true, inlineDynamicImports: true },
    plugins: [classicEntry, sourceMaps, politeLit, tightTemplates, lightDecorators, resolve, minify],
  },
];
