const PLACEHOLDER = 'div[data-tavus-practice]';

/**
 * Rich-text editors delete unknown tags, so `<div data-tavus-practice data-backend data-course-id>`
 * becomes the element as well: every `data-` attribute turns into the attribute of that name, the
 * children move along. Watches for placeholders that are added later.
 */
export function upgradePlaceholders(document: Document): void {
  document.querySelectorAll(PLACEHOLDER).forEach(upgrade);
  new MutationObserver((mutations) => {
    for (const { addedNodes } of mutations) {
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.matches(PLACEHOLDER)) upgrade(node);
        else node.querySelectorAll(PLACEHOLDER).forEach(upgrade);
      }
    }
  }).observe(document, { childList: true, subtree: true });
}

function upgrade(placeholder: Element): void {
  const element = placeholder.ownerDocument.createElement('tavus-practice');
  for (const { name, value } of placeholder.attributes) {
    if (name === 'data-tavus-practice') continue;
    element.setAttribute(name.replace(/^data-/, ''), value);
  }
  element.append(...placeholder.childNodes);
  placeholder.replaceWith(element);
}
