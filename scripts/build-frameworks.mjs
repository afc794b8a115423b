// Builds the apps of demo/frameworks as a host would build its own, with this package taken from its exports.
//   node scripts/build-frameworks.mjs        needs dist/
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compileScript, parse } from 'vue/compiler-sfc';

const FOLDER = fileURLToPath(new URL('../demo/frameworks', import.meta.url));

/** Vue's single files, without styles. */
const vueFiles = {
  name: 'vue-files',
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const templateParseOptions = { isCustomElement: (tag) => tag.startsWith('tavus-') };
      const { descriptor, errors } = parse(await readFile(path, 'utf8'), { filename: path, templateParseOptions });
      if (errors.length > 0) return { errors: errors.map(({ message }) => ({ text: message })) };
      const { content } = compileScript(descriptor, { id: basename(path), inlineTemplate: true });
      return { contents: content, loader: 'ts' };
    });
  },
};

const APPS = {
  react: { entryPoints: ['react/main.tsx'] },
  'react-18': { entryPoints: ['react/main.tsx'], alias: { react: 'react-18', 'react-dom': 'react-dom-18' } },
  vue: {
    entryPoints: ['vue/main.ts'],
    plugins: [vueFiles],
    define: {
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      // Vue asks for a policy for HTML from texts, which the page does not allow and the app does not need.
      'window.trustedTypes': 'undefined',
    },
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildFrameworks();

/** Into demo/frameworks/built, which the demo serves. */
export default async function buildFrameworks() {
  await Promise.all(
    Object.entries(APPS).map(([name, { define, ...app }]) =>
      build({
        ...app,
        absWorkingDir: FOLDER,
        outdir: `built/${name}`,
        bundle: true,
        format: 'esm',
        splitting: true,
        target: 'es2022',
        jsx: 'automatic',
        sourcemap: true,
        // As a developer sees them: in production StrictMode does not mount twice.
        define: { 'process.env.NODE_ENV': '"development"', ...define },
        logLevel: 'warning',
      }),
    ),
  );
}
