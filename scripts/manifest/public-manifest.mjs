/** Where what a folder declares can be imported from. */
const PUBLISHED = { 'src/elements/': 'dist/tavus-practice.js', 'src/insights/': 'dist/insights.js' };

/** Callbacks that browsers or Lit call. */
const LIFECYCLE = /^(connected|disconnected|adopted|connectedMove|attributeChanged)Callback$/;

/**
 * Plugin of the manifest's analyzer. Of everything the sources declare it leaves what a host may use: the elements, and
 * the classes of their events. Tags come from `HTMLElementTagNameMap`, the classes of events from `PracticeEventMap`.
 */
export function publicManifest() {
  const tags = new Map();
  const eventClasses = new Map();

  return {
    name: 'public-manifest',
    analyzePhase({ ts, node, moduleDoc }) {
      if (ts.isInterfaceDeclaration(node)) readInterface(ts, node);
      if (ts.isClassDeclaration(node)) addConstructorFields(ts, node, moduleDoc);
    },
    packageLinkPhase({ customElementsManifest }) {
      const modules = new Map();
      for (const { path, declarations } of customElementsManifest.modules) {
        const folder = Object.keys(PUBLISHED).find((start) => path.startsWith(start));
        const published = modules.get(PUBLISHED[folder]) ?? [];
        modules.set(PUBLISHED[folder], [...published, ...declarations.filter(isPublic)]);
      }
      customElementsManifest.modules = [...modules].map(([path, declarations]) => publishedModule(path, declarations));
    },
  };

  function readInterface(ts, node) {
    const map = { HTMLElementTagNameMap: tags, PracticeEventMap: eventClasses }[node.name.text];
    for (const { name, type } of node.members) map?.set(name.text, type.getText());
  }

  function isPublic({ kind, name, customElement }) {
    return kind === 'class' && (customElement || [...eventClasses.values()].includes(name));
  }

  function publishedModule(path, declarations) {
    const described = declarations.map((declaration) => publicDeclaration(path, declaration));
    const elements = described.filter(({ tagName }) => tagName).sort((a, b) => (a.tagName < b.tagName ? -1 : 1));
    return {
      kind: 'javascript-module',
      path,
      declarations: [...elements, ...described.filter(({ tagName }) => !tagName)],
      exports: elements.flatMap(({ name, tagName }) => [
        { kind: 'js', name, declaration: { name, module: path } },
        { kind: 'custom-element-definition', name: tagName, declaration: { name, module: path } },
      ]),
    };
  }

  function publicDeclaration(path, { members = [], events, superclass, ...declaration }) {
    const [tagName] = [...tags].find(([, name]) => name === declaration.name) ?? [];
    return {
      ...declaration,
      superclass: superclass?.module ? { name: superclass.name, module: path } : superclass,
      ...(tagName && { tagName }),
      members: members.filter(isPublicMember).map(withReadableType),
      ...(declaration.attributes && { attributes: declaration.attributes.map(withReadableType) }),
      ...(events && {
        // Where the code dispatches an event the analyzer takes the constructor's first argument for its name.
        events: events
          .filter(({ name, description }) => eventClasses.has(name) || description)
          .map(({ name, description }) => ({ name, type: { text: eventClasses.get(name) ?? '' }, description })),
      }),
    };
  }
}

/** `constructor(readonly session: TavusSession)` declares a field. */
function addConstructorFields(ts, node, moduleDoc) {
  const declaration = moduleDoc.declarations.find(({ name }) => name === node.name?.text);
  const parameters = node.members.find(ts.isConstructorDeclaration)?.parameters ?? [];
  const fields = parameters
    .filter((parameter) => parameter.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword))
    .map(({ name, type }) => ({ kind: 'field', name: name.text, type: { text: type.getText() }, readonly: true }));
  if (fields.length > 0) declaration.members = [...(declaration.members ?? []), ...fields];
}

function isPublicMember({ name, privacy, static: isStatic, inheritedFrom }) {
  return (
    !privacy?.match(/private|protected/) && !isStatic && !inheritedFrom && !/^#/.test(name) && !LIFECYCLE.test(name)
  );
}

/** The analyzer forgets that a function which may be absent needs brackets. */
function withReadableType(described) {
  const [, functionType] = /^(.*=>.*) \| undefined$/s.exec(described.type?.text ?? '') ?? [];
  return functionType ? { ...described, type: { text: `(${functionType}) | undefined` } } : described;
}
