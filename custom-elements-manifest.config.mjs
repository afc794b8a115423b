/** `npm run manifest` writes custom-elements.json from the elements' own documentation. */
export default {
  globs: ['src/elements/**/*.ts', 'src/insights/**/*.ts'],
  litelement: true,
  outdir: '.',
  // The package says itself where its manifest is.
  packagejson: false,
};
