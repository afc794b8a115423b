import { elementsOf } from './editor-data.mjs';

/** The tables of README.md: what every element takes, says and lets be styled. */
export function reference(manifest) {
  const classes = new Map(
    manifest.modules.flatMap(({ declarations }) => declarations).map((declared) => [declared.name, declared]),
  );
  return elementsOf(manifest)
    .map((element) => [`#### \`<${element.tagName}>\``, '', ...sections(element, classes)].join('\n'))
    .join('\n');
}

function sections(element, classes) {
  const { attributes = [], members, events = [], slots = [], cssParts = [], cssProperties = [] } = element;
  const attributeNames = attributes.map(({ name }) => name);
  const properties = members.filter(({ kind, attribute, name }) => {
    return kind === 'field' && !attribute && !attributeNames.includes(name);
  });
  return [
    table(['attribute', 'default', ''], attributes, ({ name, default: value, description }) => [
      code(name),
      value === undefined || value === 'false' ? '' : code(value.replaceAll("'", '')),
      description,
    ]),
    table(['property', 'type', ''], properties, ({ name, type, readonly, description }) => [
      code(name),
      code(type?.text) + (readonly ? ', read-only' : ''),
      description,
    ]),
    table(
      ['method', ''],
      members.filter(({ kind }) => kind === 'method'),
      ({ name, parameters = [], description }) => [
        code(`${name}(${parameters.map(parameterOf).join(', ')})`),
        description,
      ],
    ),
    table(['event', 'properties', ''], events, ({ name, type, description }) => [
      code(name),
      (classes.get(type.text)?.members ?? []).map((member) => code(member.name)).join(' '),
      description,
    ]),
    table(['slot', ''], slots, ({ name, description }) => [name ? code(name) : '(default)', description]),
    table(['part', ''], cssParts, ({ name, description }) => [code(name), description]),
    table(['custom property', ''], cssProperties, ({ name, description }) => [code(name), description]),
  ].flat();
}

const parameterOf = ({ name, optional, default: value, type }) =>
  /^\{/.test(name) ? name : `${name}${optional || value !== undefined ? '?' : ''}${type ? `: ${type.text}` : ''}`;

const code = (text) => (text ? `\`${text.replaceAll('|', '\\|')}\`` : '');

/** Nothing where there is nothing to list. */
function table(head, list, cells) {
  if (list.length === 0) return [];
  const row = (texts) => `| ${texts.map((text) => (text ?? '').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [row(head), `|${'---|'.repeat(head.length)}`, ...list.map((entry) => row(cells(entry))), ''];
}
