import type { JSX } from 'preact';

/** Drawn on a grid of 16, in the colour of the text. Decoration only: the word beside it carries the meaning. */
const PATHS = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4 4l8 8M12 4l-8 8',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  starting: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5M8 5v3l2 1.5',
  question: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.6M8 12.6v.2',
  warning: 'M8 2.5l6 11H2zM8 6.5v3.2M8 11.6v.2',
  error: 'M5.3 2h5.4L14 5.3v5.4L10.7 14H5.3L2 10.7V5.3zM8 5v3.6M8 10.8v.2',
  shield: 'M8 2l5 1.8v4C13 11 11 13.2 8 14.2 5 13.2 3 11 3 7.8v-4z',
  late: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 5v3.2l2.2 1.6',
  overview: 'M2 13.5h12M3.5 11V8M6.5 11V4M9.5 11V6.5M12.5 11V3',
  services: 'M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z',
  routes: 'M3 3.2v2.3A2.5 2.5 0 0 0 5.5 8h5a2.5 2.5 0 0 1 2.5 2.5v2.3M10.8 10.6l2.2 2.2 2.2-2.2M3 8v5',
  folded: 'M6 3.5L10.5 8 6 12.5',
  unfolded: 'M3.5 6L8 10.5 12.5 6',
  ascending: 'M4.5 9.5L8 6l3.5 3.5',
  descending: 'M4.5 6.5L8 10l3.5-3.5',
  system: 'M2 3h12v8H2zM5.5 13.5h5',
  light:
    'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M3.2 12.8l1.1-1.1M11.7 4.3l1.1-1.1',
  dark: 'M13.2 9.8A5.6 5.6 0 0 1 6.2 2.8a5.6 5.6 0 1 0 7 7z',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.1M6.6 6.5h.1M9.3 6.5h.1M12 6.5h.1M5 9.5h6',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A hinge: two leaves around a pin. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path class="leaf" d="M8 4H4a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h4M16 4h4a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-4" />
      <rect class="pin" x="9.5" y="2.5" width="5" height="5" rx="1.5" />
      <rect class="knuckle" x="9.5" y="9.5" width="5" height="5" rx="1.5" />
      <rect class="pin" x="9.5" y="16.5" width="5" height="5" rx="1.5" />
    </svg>
  );
}
