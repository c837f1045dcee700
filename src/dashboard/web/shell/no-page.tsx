import { Alert, Text } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';

/** Said where there is no page. */
export function NoPage() {
  const { pathname } = useLocation();
  return (
    <Alert color="orange" variant="light" title="There is no such page">
      <Text size="sm">
        There is nothing at “{pathname}”. The pages stand in the menu; that of a day is /days/YYYY-MM-DD, a
        day of the calendar. <Link to="/">To the overview</Link>
      </Text>
    </Alert>
  );
}
