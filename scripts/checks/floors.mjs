// Imports only go down, the floors' walls hold, and nothing goes in circles.
import { importsOf, report, sourceFiles } from '../source-tree.mjs';

/** What each room of src/ may import besides itself. The simulator stands alone: it must not share our mistakes. */
const MAY_IMPORT = {
  protocol: [],
  client: ['protocol'],
  server: ['protocol'],
  elements: ['client', 'protocol'],
  insights: ['client', 'protocol'],
  lms: ['elements', 'protocol'],
  simulator: [],
  cli: ['server', 'simulator', 'protocol'],
  'index.ts': ['elements', 'client', 'protocol'],
  frameworks: ['index.ts', 'elements'],
  react: ['index.ts', 'frameworks'],
};

const root = process.argv[2] ?? '.';
const files = sourceFiles(root);
const roomOf = (path) => path.split('/')[1];
const ours = (path) => path.startsWith('src/');

const trespasses = files.flatMap((file) => {
  const room = roomOf(file);
  const allowed = MAY_IMPORT[room];
  if (!allowed) return [`${file}: no such room in scripts/checks/floors.mjs`];
  return importsOf(root, file)
    .filter((target) => ours(target) && roomOf(target) !== room && !allowed.includes(roomOf(target)))
    .map((target) => `${file} must not import ${target}`);
});

report([...trespasses, ...cycles()], `${files.length} files, imports only downwards, no cycles`);

/** Types may refer to each other in circles; code may not. */
function cycles() {
  const found = [];
  const done = new Set();
  const visit = (file, path) => {
    if (path.includes(file))
      return found.push(`import cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
    if (done.has(file) || !files.includes(file)) return;
    for (const target of importsOf(root, file, { types: false }).filter(ours)) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}
