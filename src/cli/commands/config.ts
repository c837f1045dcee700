import { describeConfig } from '../../config/describe.ts';
import { loadConfig } from '../../config/load.ts';
import { printJson, printTable, say } from '../output.ts';

/** `questline config show`. */
export async function showConfig({ json = false }: { json?: boolean }): Promise<void> {
  const loaded = loadConfig();
  const rows = describeConfig(loaded);
  if (json) return printJson({ environment: loaded.environment, keys: rows });
  say(`environment: ${loaded.environment}`);
  printTable(
    [
      { head: 'key', value: ({ key }) => key },
      { head: 'value', value: ({ value }) => (typeof value === 'string' ? value : JSON.stringify(value)) },
      { head: 'from', value: ({ origin }) => origin },
    ],
    rows,
  );
}
