import { useRef, useState, version } from 'react';
import type { TavusSession } from 'tavus-practice';
import { TavusPractice, type TavusPracticeElement } from 'tavus-practice/react';

const TIPS = ['Speak slowly'];

export function Lesson() {
  const practice = useRef<TavusPracticeElement>(null);
  const [courseId, setCourseId] = useState('spanish-101');
  const [here, setHere] = useState(true);
  const [results, setResults] = useState<TavusSession[]>([]);

  return (
    <main>
      <h1>Practice in React {version}</h1>
      <p>
        <label>
          Course{' '}
          <select value={courseId} onChange={({ target }) => setCourseId(target.value)}>
            <option value="spanish-101">Spanish 101</option>
            <option value="interview-basics">Interview basics</option>
          </select>
        </label>{' '}
        <button type="button" onClick={() => practice.current?.complete({ accuracyScore: 87 })}>
          Score 87 %
        </button>{' '}
        <button type="button" onClick={() => setHere(false)}>
          Leave the lesson
        </button>
      </p>
      {here && (
        <TavusPractice
          ref={practice}
          backend="/api/practice"
          courseId={courseId}
          display="inline"
          tips={TIPS}
          onPracticeCompleted={({ session }) => setResults((earlier) => [...earlier, session])}
        />
      )}
      <h2>Practised</h2>
      <ol>
        {results.map(({ id, courseId: course, duration = 0, accuracyScore }) => (
          <li key={id}>
            {course}: {Math.round(duration)} s{accuracyScore !== undefined && `, ${accuracyScore} %`}
          </li>
        ))}
      </ol>
    </main>
  );
}
