import type { Day, DayRange } from '../domain/day.ts';
import type { DayTable, PublishedTable, WholeTable } from '../domain/tables.ts';

/** Where everything stands in the bucket. */
export const keys = {
  rawDay: (day: Day) => `raw/dt=${day}/`,
  rawObject: (day: Day, file: string) => `raw/dt=${day}/${file}`,
  /** Which lines of a day's objects are replaced by mended ones, an object a replay. */
  replays: (day: Day) => `raw/_replays/dt=${day}/`,
  replay: (day: Day, name: string) => `raw/_replays/dt=${day}/${name}.json`,
  /** The mended lines of a replay, an object of its day. */
  replayLines: (day: Day, name: string) => `raw/dt=${day}/replay-${name}.ndjson`,
  profiles: 'raw/players/',
  /** What a generated day truly holds. */
  truth: (day: Day) => `raw/_truth/dt=${day}.json`,
  rangeTruth: ({ from, to }: DayRange) => `raw/_truth/summary-${from}-to-${to}.json`,
  store: 'store/',
  accepted: (day: Day, name: string) => `store/accepted/dt=${day}/${name}.parquet`,
  quarantine: (day: Day, name: string) => `store/quarantine/dt=${day}/${name}.parquet`,
  reports: 'store/reports/',
  report: (day: Day, name: string, suffix: 'json' | 'md' = 'json') =>
    `store/reports/dt=${day}/${name}.${suffix}`,
  decisions: 'store/decisions/',
  /** What a person decided about one state of a day's data and config. */
  decision: (day: Day, subject: string) => `store/decisions/dt=${day}/${subject}.json`,
  dayTable: (table: DayTable, day: Day, name: string) => `store/${table}/dt=${day}/${name}.parquet`,
  wholeTable: (table: WholeTable, name: string) => `store/${table}/${name}.parquet`,
  /** Values of complete days that a commit changed. */
  restatements: (name: string) => `store/restatements/${name}.parquet`,
  made: 'store/made/',
  madeReadings: 'store/made/validate/',
  /** The record of a stage's output; written last, so that what it names is there. */
  madeBy: (stage: string, scope: string, name: string) => `store/made/${stage}/${scope}/${name}.json`,
  pointer: 'catalog/current.json',
  /** What cleaning up has condemned. */
  condemned: 'catalog/condemned.json',
  snapshots: 'catalog/snapshots/',
  months: 'catalog/months/',
  snapshot: (id: string) => `catalog/snapshots/${id}.json`,
  month: (month: string, name: string) => `catalog/months/${month}/${name}.json`,
  mirror: 'tables/',
  mirrorState: 'tables/_mirror.json',
  mirrorDay: (table: DayTable, day: Day) => `tables/${table}/dt=${day}/data.parquet`,
  mirrorWhole: (table: PublishedTable) => `tables/${table}/data.parquet`,
} as const;
