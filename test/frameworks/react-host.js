// A host that draws the component with whatever properties a test hands it, over what its server has drawn.
import { createElement, createRef, StrictMode } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { TavusPractice } from 'tavus-practice/react';

const element = createRef();
const heard = [];
let root = null;

function draw({ listen, provideToken, ...props }) {
  const given = {
    ...props,
    ...(listen && { onPracticeOpened: () => heard.push(listen) }),
    ...(provideToken && { tokenProvider: () => 'token' }),
  };
  const page = createElement(StrictMode, null, createElement(TavusPractice, { ...given, ref: element }));
  if (root) root.render(page);
  else root = hydrateRoot(document.querySelector('#app'), page);
}

Object.assign(globalThis, { host: { draw, element, heard } });
