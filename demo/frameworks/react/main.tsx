import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Lesson } from './lesson.js';

const root = document.querySelector('#app');
if (!root) throw new Error('There is no #app in the page.');
createRoot(root).render(
  <StrictMode>
    <Lesson />
  </StrictMode>,
);
