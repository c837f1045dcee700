/** An event of the contract as a line's object; every part can be replaced. */
export function makeEvent(parts: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    event_id: 'e-1',
    player_id: 'p-1',
    event_type: 'level_start',
    timestamp: '2026-01-05T10:00:00Z',
    properties: { level: 3 },
    ...parts,
  };
}

/** Objects as NDJSON. */
export function toLines(events: readonly unknown[]): Buffer {
  return Buffer.from(
    events.map((event) => `${typeof event === 'string' ? event : JSON.stringify(event)}\n`).join(''),
  );
}
