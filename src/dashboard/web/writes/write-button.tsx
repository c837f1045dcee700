import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useShown } from '../api/use-read.ts';

/** A button that opens a form which changes something; out of use where nothing can be changed. */
export function WriteButton({ label, title, icon, color, variant = 'default', children }: WriteButtonProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const { data } = useShown();
  return (
    <>
      <Button
        size="xs"
        variant={variant}
        leftSection={icon}
        onClick={open}
        disabled={data?.canWrite !== true}
        {...(color === undefined ? {} : { color })}
      >
        {label}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={title ?? label}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {children(close)}
      </Modal>
    </>
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
