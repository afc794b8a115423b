import 'tavus-practice';
import type { TavusSession } from 'tavus-practice';

const practice = document.createElement('tavus-practice');
practice.courseId = 'spanish-101';
practice.tokenProvider = async () => 'token';
practice.complete({ accuracyScore: 87 });
// @ts-expect-error a course is named by a text
practice.courseId = 101;
// @ts-expect-error only the element says where the practice stands
practice.state = 'live';
// @ts-expect-error nothing but a click inside the element starts a conversation
practice.start();

practice.addEventListener('practice-completed', (event) => {
  const session: TavusSession = event.session;
  console.log(session.accuracyScore);
});
practice.addEventListener('practice-confirm', (event) => console.log(event.courseId.length));
practice.addEventListener('practice-warning', ({ secondsLeft }) => console.log(secondsLeft.toFixed()));
practice.addEventListener('practice-failed', ({ code, reference, session }) => console.log(code, reference, session));
// @ts-expect-error a warning knows of no session
practice.addEventListener('practice-warning', (event) => event.session);
// @ts-expect-error no such code
practice.addEventListener('practice-failed', (event) => event.code === 'bad_luck');

document.querySelector('tavus-practice-config')?.setAttribute('backend', '/api/practice');
