import type { JSX } from 'preact';
import type { Problem } from '../model/wire.ts';
import { place } from '../model/format.ts';
import { Icon, type IconName } from './icons.tsx';

type Tone = 'good' | 'wait' | 'bad' | 'still';

const STATUSES: Readonly<Record<string, readonly [Tone, IconName, string]>> = {
  UP: ['good', 'check', 'Up'],
  DOWN: ['bad', 'cross', 'Down'],
  STARTING: ['wait', 'starting', 'Starting'],
  OUT_OF_SERVICE: ['still', 'pause', 'Out of service'],
  UNKNOWN: ['still', 'question', 'Unknown'],
  UNREACHABLE: ['bad', 'cross', 'Unreachable'],
};

/** Statuses of Eureka and of Spring's health, as icon and word; the colour only repeats them. */
export function Status({ status }: { readonly status: string }): JSX.Element {
  const [tone, icon, text] = STATUSES[status] ?? ['still', 'question', status];
  return (
    <span class="status" data-tone={tone}>
      <Icon name={icon} />
      {text}
    </span>
  );
}

export function ProblemList({ problems }: { readonly problems: readonly Problem[] }): JSX.Element {
  return (
    <ul class="problems">
      {problems.map((problem) => (
        <li key={`${problem.code} ${place(problem.location)} ${problem.message}`} data-severity={problem.severity}>
          <Icon name={problem.severity === 'error' ? 'error' : 'warning'} />
          <div>
            <p class="problem-what">
              <strong>{problem.severity === 'error' ? 'Error' : 'Warning'}</strong> {problem.message}
            </p>
            {problem.remedy && <p class="problem-remedy">{problem.remedy}</p>}
            <p class="problem-where">
              {problem.location && <code>{place(problem.location)}</code>}
              {problem.subject && <span>{problem.subject}</span>}
              <span>{problem.code}</span>
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
