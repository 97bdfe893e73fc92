import type { SVGProps } from 'react'

const PATHS = {
  overview: 'M4 13h6V4H4v9zm0 7h6v-4H4v4zm10 0h6v-9h-6v9zm0-16v4h6V4h-6z',
  calendar: 'M5 5h14v15H5zM5 10h14M9 3v4M15 3v4',
  notifications: 'M6 9a6 6 0 0 1 12 0v5l2 3H4l2-3zM10 20h4',
  compose: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  content: 'M6 3h9l4 4v14H6zM14 3v5h5M9 13h7M9 17h7',
  schedules: 'M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5',
  tasks: 'M4 5h16v14H4zM8 10l2.500 2.500L8 15M13 15h4',
  queues: 'M4 6h16M4 12h16M4 18h10M18 16v5M15.500 18.500h5',
  deadLetters: 'M4 7l8 6 8-6M4 7h16v11H4zM9 21h6',
  settings:
    'M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM19 12l2 1-2 4-2-1-2 1v2h-5v-2l-2-1-2 1-2-4 2-1v-2l-2-1 2-4 2 1 2-1V3h5v2l2 1 2-1 2 4-2 1z',
  search: 'M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM15.500 15.500L20 20',
  menu: 'M4 7h16M4 12h16M4 17h16',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-5 4-6 8-6s7 1 8 6',
  pause: 'M8 5v14M16 5v14',
  play: 'M8 5l11 7-11 7z',
  close: 'M6 6l12 12M18 6L6 18',
  columns: 'M4 5h16v14H4zM9.500 5v14M14.500 5v14',
  star: 'M12 4l2.500 5 5.500.800-4 4 1 5.500-5-2.700-5 2.700 1-5.500-4-4 5.500-.800z',
  refresh: 'M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5',
  alert: 'M12 4l9 16H3zM12 10v4M12 17v.500',
  check: 'M5 12l5 5 9-10',
  down: 'M6 9l6 6 6-6',
} as const

export type IconName = keyof typeof PATHS

/** Beside a text, which says the same: it is hidden from those who listen. */
export const Icon = ({
  name,
  size = 18,
  ...rest
}: { name: IconName; size?: number } & SVGProps<SVGSVGElement>) => (
  <svg
    viewBox="0 0 24 24"
    width={size}
    height={size}
    fill="none"
    stroke="currentColor"
    strokeWidth={1.8}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    {...rest}
  >
    <path d={PATHS[name]} />
  </svg>
)
