import { Kbd, Modal, Table } from '@mantine/core';
import { pages } from './pages.ts';

const rows: readonly (readonly [string, string])[] = [
  ['?', 'These shortcuts'],
  ...pages.map(({ title }, n) => [`Alt + ${n + 1}`, title] as const),
  ['Tab', 'To the next link, button or chart'],
  ['← →', 'In a chart: the point before, the next point'],
  ['Home End', 'In a chart: the first point, the last point'],
  ['Enter', 'In a chart: open the day of the point'],
  ['Esc', 'Close a dialog; in a chart: leave the point'],
];

/** What can be done by keys alone. */
export function Shortcuts({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Keyboard shortcuts"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Table>
        <Table.Tbody>
          {rows.map(([keys, what]) => (
            <Table.Tr key={`${keys} ${what}`}>
              <Table.Th scope="row">
                <Kbd>{keys}</Kbd>
              </Table.Th>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
