/** What editors complete and explain, in their own formats, from the manifest. */

/** Every element of the manifest. */
export const elementsOf = (manifest) =>
  manifest.modules.flatMap(({ declarations }) => declarations).filter(({ tagName }) => tagName);

/** The texts an attribute takes, where its type names them. */
export function valuesOf({ type }) {
  const values = (type?.text ?? '').split('|').map((one) => /^'(.*)'$/.exec(one.trim())?.[1]);
  const named = values.filter((value) => value !== undefined);
  return named.length > 1 ? named : [];
}

/** https://github.com/microsoft/vscode-custom-data: `html.customData` of a workspace. */
export function vsCodeHtml(manifest) {
  const tags = elementsOf(manifest).map(({ tagName, description, attributes = [] }) => ({
    name: tagName,
    description: markdown(description),
    attributes: attributes.map((attribute) => ({
      name: attribute.name,
      description: markdown(attribute.description),
      ...(attribute.type?.text === 'boolean' && { valueSet: 'v' }),
      ...(valuesOf(attribute).length > 0 && { values: valuesOf(attribute).map((name) => ({ name })) }),
    })),
  }));
  return { version: 1.1, tags };
}

/** The same for style sheets: `css.customData`. */
export function vsCodeCss(manifest) {
  const all = (kind) => elementsOf(manifest).flatMap((element) => element[kind] ?? []);
  return {
    version: 1.1,
    properties: all('cssProperties').map(({ name, description }) => ({ name, description: markdown(description) })),
    pseudoElements: all('cssParts').map(({ name, description }) => ({
      name: `::part(${name})`,
      description: markdown(description),
    })),
  };
}

/** https://github.com/JetBrains/web-types: found through `web-types` in package.json. */
export function webTypes(manifest, { name, version }) {
  const elements = elementsOf(manifest).map((element) => ({
    name: element.tagName,
    description: element.description,
    attributes: (element.attributes ?? []).map(webTypesAttribute),
    slots: named(element.slots),
    js: {
      properties: element.members.filter(({ kind }) => kind === 'field').map(webTypesProperty),
      events: (element.events ?? []).map(({ name: event, description, type }) => ({
        name: event,
        description,
        type: type.text,
      })),
    },
    css: { properties: named(element.cssProperties), parts: named(element.cssParts) },
  }));
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name,
    version,
    'js-types-syntax': 'typescript',
    'description-markup': 'markdown',
    contributions: { html: { elements } },
  };
}

function webTypesAttribute(attribute) {
  const values = valuesOf(attribute);
  const isBoolean = attribute.type?.text === 'boolean';
  return {
    name: attribute.name,
    description: attribute.description,
    ...(attribute.default !== undefined && { default: attribute.default.replaceAll("'", '') }),
    value: isBoolean ? { kind: 'no-value' } : { type: values.length > 0 ? values.map((v) => `'${v}'`) : 'string' },
  };
}

function webTypesProperty({ name, description, type, readonly }) {
  return { name, description, type: type?.text, ...(readonly && { 'read-only': true }) };
}

const named = (list = []) => list.map(({ name, description }) => ({ name, description }));

const markdown = (value) => ({ kind: 'markdown', value: value ?? '' });
