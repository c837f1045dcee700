import { Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

/** A form over the page. */
export interface WriteDialog {
  readonly title: string;
  readonly render: (close: () => void) => ReactNode;
}

const Opening = createContext<(dialog: WriteDialog) => void>(() => {});

/** What opens a form over the page; it stays until it is closed, whatever becomes of the place that it was opened from. */
export function useWriteDialog(): (dialog: WriteDialog) => void {
  return useContext(Opening);
}

/** Where the forms are, one at a time: beside the page, since a day that was decided about has no card to decide in any more. */
export function WriteDialogs({ children }: { readonly children: ReactNode }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const [shown, setShown] = useState<{ readonly dialog: WriteDialog; readonly n: number } | null>(null);
  const show = useCallback(
    (dialog: WriteDialog) => {
      setShown((before) => ({ dialog, n: (before?.n ?? 0) + 1 }));
      open();
    },
    [open],
  );
  return (
    <Opening value={show}>
      {children}
      <Modal
        key={shown?.n ?? 0}
        opened={isOpen}
        onClose={close}
        title={shown?.dialog.title}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {shown?.dialog.render(close)}
      </Modal>
    </Opening>
  );
}
