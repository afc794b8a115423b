import { publicManifest } from './scripts/manifest/public-manifest.mjs';

/** What the analyzer reads; `npm run manifest` writes custom-elements.json and all that is made from it. */
export default {
  globs: ['src/elements/**/*.ts', 'src/insights/**/*.ts'],
  litelement: true,
  outdir: '.',
  // The package says itself where its manifest is.
  packagejson: false,
  plugins: [publicManifest()],
};
