import {
  IconActivity,
  IconChartFunnel,
  IconCoin,
  IconHeartbeat,
  IconLayoutDashboard,
  IconUsersGroup,
} from '@tabler/icons-react';

/** The pages, in the order of the menu; the key goes with Alt. */
export const pages = [
  { to: '/', title: 'Overview', icon: IconLayoutDashboard },
  { to: '/retention', title: 'Retention', icon: IconUsersGroup },
  { to: '/funnels', title: 'Funnels', icon: IconChartFunnel },
  { to: '/revenue', title: 'Revenue', icon: IconCoin },
  { to: '/engagement', title: 'Engagement', icon: IconActivity },
  { to: '/health', title: 'Data health', icon: IconHeartbeat },
] as const;
