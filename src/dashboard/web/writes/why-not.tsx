import { Text } from '@mantine/core';
import { useShown } from '../api/use-read.ts';

/** Says why nothing can be changed from the page, where that is so. */
export function WhyNot() {
  const { data } = useShown();
  if (data?.canWrite !== false) return null;
  return (
    <Text size="sm" c="dimmed">
      Nothing can be started or decided here: no write token is set (dashboard.writeToken).
    </Text>
  );
}
