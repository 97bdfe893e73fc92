import { lazyRouteComponent } from '@tanstack/react-router'
import type { IconName } from './icons.tsx'
import type { texts } from './texts.ts'

export interface Page {
  path: string
  /** In the navigation; a page without one is reached from others. */
  name?: keyof typeof texts.en.pages & IconName
  /** After `g`. */
  letter?: string
  /** In a file of its own, loaded when it is first shown. */
  component: ReturnType<typeof lazyRouteComponent>
}

const page = <Name extends string>(load: () => Promise<Record<Name, () => unknown>>, name: Name) =>
  lazyRouteComponent(load as never, name)

/** All pages, in the order of the navigation. The first segment of a path must be known to src/http/dashboard.ts. */
export const PAGES: readonly Page[] = [
  {
    path: '/',
    name: 'overview',
    letter: 'o',
    component: page(() => import('../pages/overview/overview.tsx'), 'OverviewPage'),
  },
  {
    path: '/calendar',
    name: 'calendar',
    letter: 'c',
    component: page(() => import('../pages/calendar/calendar.tsx'), 'CalendarPage'),
  },
  {
    path: '/notifications',
    name: 'notifications',
    letter: 'n',
    component: page(() => import('../pages/notifications/list.tsx'), 'NotificationsPage'),
  },
  {
    path: '/notifications/$id',
    component: page(() => import('../pages/notifications/detail.tsx'), 'NotificationPage'),
  },
  {
    path: '/compose',
    name: 'compose',
    letter: 'm',
    component: page(() => import('../pages/compose/compose.tsx'), 'ComposePage'),
  },
  {
    path: '/content',
    name: 'content',
    letter: 't',
    component: page(() => import('../pages/content/content.tsx'), 'ContentPage'),
  },
  {
    path: '/content/release',
    component: page(() => import('../pages/content/releases.tsx'), 'ReleasesPage'),
  },
  {
    path: '/content/release/$id',
    component: page(() => import('../pages/content/release.tsx'), 'ReleasePage'),
  },
  {
    path: '/publications/$id',
    component: page(() => import('../pages/content/publication.tsx'), 'PublicationPage'),
  },
  {
    path: '/content/$type/$id',
    component: page(() => import('../pages/content/item.tsx'), 'ItemPage'),
  },
  {
    path: '/schedules',
    name: 'schedules',
    letter: 's',
    component: page(() => import('../pages/schedules/list.tsx'), 'SchedulesPage'),
  },
  {
    path: '/schedules/$name',
    component: page(() => import('../pages/schedules/detail.tsx'), 'SchedulePage'),
  },
  {
    path: '/runs',
    name: 'tasks',
    letter: 'r',
    component: page(() => import('../pages/runs/list.tsx'), 'RunsPage'),
  },
  {
    path: '/runs/$id',
    component: page(() => import('../pages/runs/detail.tsx'), 'RunPage'),
  },
  {
    path: '/queues',
    name: 'queues',
    letter: 'q',
    component: page(() => import('../pages/queues/queues.tsx'), 'QueuesPage'),
  },
  {
    path: '/dead-letters',
    name: 'deadLetters',
    letter: 'd',
    component: page(() => import('../pages/dead-letters/dead-letters.tsx'), 'DeadLettersPage'),
  },
  {
    path: '/operations/$id',
    component: page(() => import('../pages/dead-letters/operation.tsx'), 'OperationPage'),
  },
  {
    path: '/settings',
    name: 'settings',
    letter: 'e',
    component: page(() => import('../pages/settings/settings.tsx'), 'SettingsPage'),
  },
]
