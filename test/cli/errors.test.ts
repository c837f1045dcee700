import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/command.ts';
import { runCommandLine } from '../support/command-line.ts';
import { limitedTo } from '../support/limited-credentials.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let folder: string;
let stranger: NodeJS.ProcessEnv;

beforeAll(async () => {
  world = await createWorld('cli-errors');
  stranger = await limitedTo('their-own', world.endpoints.s3);
  folder = await mkdtemp(join(tmpdir(), 'questline-cli-'));
  await writeFile(join(folder, 'empty.ndjson'), '');
  await writeFile(join(folder, 'blank.ndjson'), '\n \n');
  await writeFile(join(folder, 'undated.ndjson'), 'nope\n');
  await writeFile(join(folder, 'events.xlsx'), 'a,b\n');
  await writeFile(join(folder, 'typo.yaml'), 's3:\n  buckett: x\n');
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const somewhere = { QUESTLINE_EMBEDDED_DATA_DIR: join(tmpdir(), 'questline-nowhere') };

const generating = (...args: readonly string[]) => [
  'generate',
  '--from',
  '2026-01-01',
  '--to',
  '2026-01-02',
  ...args,
];

describe('a command that can’t do what it was asked', () => {
  const cases: readonly [string, readonly string[], number, RegExp, () => NodeJS.ProcessEnv][] = [
    [
      'a day that does not exist',
      ['run', '2026-02-30'],
      2,
      /"2026-02-30" does not exist: 2026-02 has the days 01 to 28/,
      () => ({}),
    ],
    [
      '--from after --to',
      ['backfill', '--from', '2026-01-02', '--to', '2026-01-01'],
      2,
      /ends before it begins/,
      () => ({}),
    ],
    [
      'a missing option',
      ['backfill', '--from', '2026-01-02'],
      2,
      /--to is not given; expected a day, such as --to 2026-01-31/,
      () => ({}),
    ],
    ['an unknown command', ['frobnicate'], 2, /unknown command 'frobnicate'/, () => ({})],
    ['an unknown option', ['status', '--jsn'], 2, /unknown option '--jsn'/, () => ({})],
    [
      'no players',
      ['generate', '--from', '2026-01-01', '--to', '2026-01-01', '--players', '0'],
      2,
      /whole number from 1/,
      () => ({}),
    ],
    [
      'a range of centuries',
      ['generate', '--from', '1900-01-01', '--to', '2100-01-01'],
      2,
      /at most 3,660 at a time/,
      () => ({}),
    ],
    [
      'a day before the launch',
      ['generate', '--from', '2025-01-01', '--to', '2025-01-01'],
      1,
      /2025-01-01 is before the preset's launchDay, 2026-01-01/,
      () => ({}),
    ],
    [
      'a preset that there is not',
      generating('--preset', 'viril'),
      2,
      /There is no preset "viril"\. Expected one of default, .*Did you mean viral\?/,
      () => ({}),
    ],
    [
      'a preset in the configuration that there is not',
      generating(),
      1,
      /There is no preset "larg"\..*Did you mean large\?/,
      () => ({ QUESTLINE_GENERATOR_PRESET: 'larg' }),
    ],
    [
      'a scenario that there is not',
      generating('--scenario', 'flood'),
      2,
      /'--scenario <name>' argument 'flood' is invalid\. Allowed choices are too-few-events, /,
      () => ({}),
    ],
    [
      'a negative rate',
      generating('--defect', 'late=-0.1'),
      2,
      /'late=-0\.1' is invalid\. Expected KIND=RATE with a rate from 0 to 1/,
      () => ({}),
    ],
    [
      'a rate above 1',
      generating('--defect', 'late=1.01'),
      2,
      /'late=1\.01' is invalid\. Expected KIND=RATE with a rate from 0 to 1/,
      () => ({}),
    ],
    [
      'rates that sum to more than 1',
      generating('--defect', 'late=0.6', '--defect', 'future=0.6'),
      2,
      /expected rates that sum to 1 at most/,
      () => ({}),
    ],
    [
      'a defect that there is not',
      generating('--defect', 'latte=0.1'),
      2,
      /"latte" is not a kind of defect.*Did you mean late\?/,
      () => ({}),
    ],
    [
      'a cut-off upload of plain files',
      generating('--scenario', 'truncated-upload', '--compression', 'none'),
      2,
      /truncated-upload needs compressed files/,
      () => ({}),
    ],
    [
      'a folder that is a file',
      generating('--out', 'empty.ndjson'),
      1,
      /empty\.ndjson.* could not be written/,
      () => ({}),
    ],
    [
      'a folder where the file system makes none',
      generating('--out', '/proc/nowhere'),
      1,
      /\/proc\/nowhere.* could not be written: ENOENT/,
      () => ({}),
    ],
    [
      'a preset for a run that generates nothing',
      ['run', '2026-01-01', '--preset', 'tiny'],
      2,
      /give --generate too/,
      () => ({}),
    ],
    [
      'a file that is not there',
      ['land', '/no/such/file.ndjson'],
      1,
      /\/no\/such\/file\.ndjson does not exist/,
      () => ({}),
    ],
    ['an empty file', ['land', 'empty.ndjson'], 1, /empty\.ndjson is empty/, () => ({})],
    ['a file of blank lines', ['land', 'blank.ndjson'], 1, /has only blank lines/, () => ({})],
    [
      'lines without any day',
      ['land', 'undated.ndjson'],
      1,
      /No line of .*undated\.ndjson has a readable timestamp.*--day/,
      () => ({}),
    ],
    ['a file of another kind', ['land', 'events.xlsx'], 1, /expected \.ndjson/, () => ({})],
    ['a folder without days', ['land', '.'], 1, /has no files under raw\/dt=/, () => ({})],
    [
      'a typo in the configuration',
      ['status'],
      1,
      /typo\.yaml:2: s3\.buckett is not a key of s3.*Did you mean bucket\?/,
      () => ({ QUESTLINE_CONFIG: join(folder, 'typo.yaml') }),
    ],
    [
      'an unknown variable',
      ['status'],
      1,
      /QUESTLINE_S3_BUKET is not a variable of Questline/,
      () => ({ QUESTLINE_S3_BUKET: 'x' }),
    ],
    ['no stack', ['status'], 1, /The embedded \w+ does not run\. Run npm start/, () => somewhere],
    [
      'no Temporal',
      ['run', '2026-01-01'],
      1,
      /No Temporal server answers at 127\.0\.0\.1:9/,
      () => ({ QUESTLINE_TEMPORAL_ADDRESS: '127.0.0.1:9' }),
    ],
    [
      'a wrong S3 key',
      ['query', 'select 1 from players'],
      1,
      /access key id is not known/,
      () => ({ QUESTLINE_S3_ACCESS_KEY_ID: 'x', QUESTLINE_S3_SECRET_ACCESS_KEY: 'wrong-secret' }),
    ],
    [
      'a bucket that is not there',
      ['status'],
      1,
      /s3:\/\/not-there at .* does not exist\. Create the bucket/,
      () => ({ QUESTLINE_S3_BUCKET: 'not-there' }),
    ],
    [
      'a bucket of another owner',
      ['query', 'select 1 from players'],
      1,
      /s3:\/\/test-cli-errors at .* refused \(AccessDenied\)\. The credentials have no right to it: check the bucket’s owner/,
      () => stranger,
    ],
    [
      'landing in a bucket of another owner',
      ['land', 'undated.ndjson', '--day', '2030-05-01'],
      1,
      /refused \((AccessDenied|HTTP 403)\)\. The credentials have no right to it/,
      () => stranger,
    ],
    [
      'a query that is no SQL',
      ['query', 'selec 1'],
      1,
      /Parser Error[\s\S]*Tables: events_cleaned/,
      () => ({}),
    ],
    ['a query of a file', ['query', "from read_text('/etc/hostname')"], 1, /Permission Error/, () => ({})],
    [
      'a format that there is not',
      ['query', 'select 1', '--format', 'xml'],
      2,
      /--format is "xml"; expected one of table, csv, json/,
      () => ({}),
    ],
    [
      'no schedule',
      ['schedule', 'pause', '--note', 'x'],
      1,
      /There is no schedule questline-daily/,
      () => ({}),
    ],
  ];

  it.each(cases)('%s', async (_, args, code, message, settings) => {
    const paths = args.map((arg) => (/^(\.|\w+\.(ndjson|xlsx))$/.test(arg) ? join(folder, arg) : arg));
    const result = await runCommandLine(paths, { ...world.env, ...settings() });
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.stderr).not.toMatch(/\n\s+at .*:\d+/);
    expect(result.stdout).toBe('');
  });
});

describe('questline land and the day after it', () => {
  const line = (id: string, day: string) =>
    `{"event_id":"${id}","player_id":"p","event_type":"session_start","timestamp":"${day}T10:00:00Z","properties":{"session_id":"s"}}`;

  it('splits a file by event day, byte for byte, once', async () => {
    const path = join(folder, 'days.ndjson');
    const lines = [
      `${line('a', '2030-05-01')}\r\n`,
      'nope\n',
      `${line('b', '2030-05-02')}\n`,
      '\n',
      ` ${line('c', '2030-05-01')}`,
    ];
    await writeFile(path, lines.join(''));
    const first = JSON.parse((await runCommand(['land', path, '--json'], world.env)).stdout) as {
      objects: { key: string; day: string; state: string }[];
    };
    expect(first.objects.map(({ day, state }) => [day, state])).toEqual([
      ['2030-05-01', 'landed'],
      ['2030-05-02', 'landed'],
      ['2030-05-02', 'landed'],
    ]);
    const bytes = await Promise.all(
      first.objects.map(async ({ key }) => (await (await world.store.read(key)).body.toArray()).join('')),
    );
    expect(bytes).toEqual([lines[0]! + lines[4]!, lines[2], lines[1]]);
    const again = JSON.parse((await runCommand(['land', path, '--json'], world.env)).stdout) as {
      objects: { state: string }[];
    };
    expect(again.objects.map(({ state }) => state)).toEqual([
      'there already',
      'there already',
      'there already',
    ]);
  });

  it('takes a CSV file whole, once, on the day that is given', async () => {
    const path = join(folder, 'export.v2.csv');
    await writeFile(
      path,
      'event_id,player_id,event_type,timestamp,properties\na,p,session_start,2030-06-01T10:00:00Z,{}\n',
    );
    const without = await runCommand(['land', path], world.env);
    expect([without.code, without.stderr]).toEqual([
      1,
      expect.stringContaining('is CSV, which lands whole: say which'),
    ]);
    for (const state of ['landed', 'there already']) {
      const { stdout } = await runCommand(['land', path, '--day', '2030-06-01', '--json'], world.env);
      const key = expect.stringMatching(/^raw\/dt=2030-06-01\/export\.v2-[0-9a-f]{12}\.csv$/);
      expect(JSON.parse(stdout)).toMatchObject({ objects: [{ key, state }] });
    }
  });

  it('shows in status what landed', async () => {
    const { stdout } = await runCommand(
      ['status', '--from', '2030-05-01', '--to', '2030-05-02', '--json'],
      world.env,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      days: [
        { day: '2030-05-01', state: 'landed' },
        { day: '2030-05-02', state: 'landed' },
      ],
    });
  });
});

describe('questline COMMAND --help', () => {
  it('shows examples of that command', async () => {
    for (const command of [
      'start',
      'run',
      'backfill',
      'generate',
      'land',
      'report',
      'approve',
      'reject',
      'quarantine',
      'query',
      'status',
      'doctor',
      'schedule',
      'worker',
      'config',
    ]) {
      const help = await runCommandLine([command, '--help'], world.env);
      expect(help.code, command).toBe(0);
      const shown = help.stdout.match(/(?<=\$ npx questline )\S+/g) ?? [];
      expect(shown.length, command).toBeGreaterThan(0);
      expect(new Set(shown), command).toEqual(new Set([command]));
    }
  });
});
