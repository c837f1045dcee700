import { Alert, Text } from '@mantine/core';

/** Said where nothing is known of runs. */
export function NoTemporal() {
  return (
    <Alert color="orange" variant="light" title="Temporal does not answer">
      <Text size="sm">
        Nothing is known of runs: which days failed, wait or are under way. States are of what is published
        and what has landed.
      </Text>
    </Alert>
  );
}
