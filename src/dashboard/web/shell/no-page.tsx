import { Alert, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** Said where there is no page. */
export function NoPage() {
  return (
    <Alert color="orange" variant="light" title="There is no such page">
      <Text size="sm">
        <Link to="/">To the overview</Link>
      </Text>
    </Alert>
  );
}
