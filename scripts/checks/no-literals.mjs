// No template of the elements holds a word of its own: every text comes from a table that can be translated and replaced.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { report, sourceFiles } from '../source-tree.mjs';

/** Where an expression stands in a template. */
const VALUE = '\0';
/** Attributes whose values are read out or shown. */
const SPOKEN = /\b(?:aria-label|aria-description|aria-roledescription|title|alt|placeholder)="[^"]*\p{L}/u;

const root = process.argv[2] ?? '.';
const files = sourceFiles(root).filter((file) => /^src\/(elements|insights)\//.test(file));
const found = files.flatMap((file) =>
  templatesOf(file)
    .filter(holdsWords)
    .map((template) => `${file}: ${excerpt(template)}`),
);

report(found, `${files.length} files, no text outside the tables`);

function templatesOf(file) {
  const templates = [];
  const visit = (node) => {
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'html') templates.push(textOf(node.template));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true));
  return templates;
}

function textOf(template) {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return [template.head, ...template.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join(VALUE);
}

function holdsWords(template) {
  const tags = template.match(/<[^>]*>/g) ?? [];
  const shown = template.replace(/<[^>]*>/g, '').replace(/&\w+;/g, '');
  return /\p{L}/u.test(shown) || tags.some((tag) => SPOKEN.test(tag));
}

function excerpt(template) {
  return template.replaceAll(VALUE, '…').replace(/\s+/g, ' ').slice(0, 120);
}
