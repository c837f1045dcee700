import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useShown } from '../api/use-read.ts';
import { useWriteDialog } from './write-dialogs.tsx';

/** A button that opens a form which changes something; out of use where nothing can be changed. */
export function WriteButton({ label, title, icon, color, variant = 'default', children }: WriteButtonProps) {
  const open = useWriteDialog();
  const { data } = useShown();
  return (
    <Button
      size="xs"
      variant={variant}
      leftSection={icon}
      onClick={() => open({ title: title ?? label, render: children })}
      disabled={data?.canWrite !== true}
      {...(color === undefined ? {} : { color })}
    >
      {label}
    </Button>
  );
}

/** What the button opens. */
export interface WriteButtonProps {
  readonly label: string;
  readonly title?: string;
  readonly icon?: ReactNode;
  readonly color?: string;
  readonly variant?: 'default' | 'filled';
  readonly children: (close: () => void) => ReactNode;
}
