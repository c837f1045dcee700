import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';

/** A button that asks for how things stand at this moment. */
export function AskAgain({ again }: { readonly again: () => Promise<unknown> }) {
  const [isAsking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    await again();
    setAsking(false);
  };
  return (
    <Button
      size="xs"
      variant="subtle"
      leftSection={<IconRefresh size={16} aria-hidden />}
      loading={isAsking}
      onClick={() => void ask()}
    >
      Ask again
    </Button>
  );
}
