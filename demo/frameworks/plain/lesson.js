const practice = document.querySelector('tavus-practice');

practice.tips = ['Speak slowly'];
practice.addEventListener('practice-completed', ({ session }) => {
  const item = document.createElement('li');
  item.textContent = `${session.courseId}: ${Math.round(session.duration ?? 0)} s`;
  document.querySelector('#results').append(item);
});

document.querySelector('#course').addEventListener('change', ({ target }) => {
  practice.courseId = target.value;
});

document.querySelector('#leave').addEventListener('click', () => practice.remove());
