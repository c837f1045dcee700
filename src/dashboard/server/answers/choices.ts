import type { DuckDBConnection } from '@duckdb/node-api';
import { quote, readRows } from '../../../engine/duckdb.ts';
import type { Answer } from '../../api/routes.ts';
import { type Dimension, dimensions } from '../../api/scope.ts';
import { UNKNOWN } from '../chosen-players.ts';
import type { OpenSnapshot } from '../open-snapshot.ts';

const MOST_VALUES = 500;

/** Values that players may be filtered by, the most players first; who has none is `(unknown)`. */
export async function answerChoices(
  snapshot: OpenSnapshot | null,
  signal: AbortSignal,
): Promise<Answer<'choices'>> {
  const none = { platform: [], country: [], segment: [], source: [], acquiredFrom: null, acquiredTo: null };
  if (snapshot === null) return { snapshot: null, ...none };
  const read = async (connection: DuckDBConnection): Promise<Answer<'choices'>> => {
    const values = {} as Record<Dimension, string[]>;
    for (const name of dimensions) values[name] = await readValues(connection, name);
    const [span] = await readRows(
      connection,
      'SELECT min(acquisition_date)::VARCHAR AS first, max(acquisition_date)::VARCHAR AS last FROM players',
    );
    return {
      snapshot: snapshot.state.snapshot.id,
      ...values,
      acquiredFrom: (span?.['first'] ?? null) as string | null,
      acquiredTo: (span?.['last'] ?? null) as string | null,
    };
  };
  return snapshot.ask({ tables: ['players'], choice: null }, read, signal);
}

async function readValues(connection: DuckDBConnection, dimension: Dimension): Promise<string[]> {
  const rows = await readRows(
    connection,
    `SELECT coalesce(${dimension}, ${quote(UNKNOWN)}) AS value FROM players GROUP BY ${dimension} ORDER BY count(*) DESC, ${dimension} LIMIT ${MOST_VALUES}`,
  );
  return rows.map(({ value }) => value as string);
}
