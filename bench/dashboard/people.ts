import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, type Day } from '../../src/domain/day.ts';
import { askFor } from './ask.ts';

const pages = ['overview', 'retention', 'funnels', 'revenue', 'engagement', 'health'] as const;
const filters = [
  '',
  '',
  '',
  '&platform=ios',
  '&country=US',
  '&segment=whale',
  '&source=organic&platform=android',
];

/** Milliseconds of each answer to people who go from page to page at the same time, a second on each; ranges and filters differ. */
export async function measurePeople(
  url: string,
  last: Day,
  people: number,
  seconds: number,
): Promise<number[]> {
  const until = performance.now() + seconds * 1000;
  const waits: number[] = [];
  const visit = async (person: number) => {
    for (let step = person; performance.now() < until; step += 1) {
      const page = pages[step % pages.length] ?? 'overview';
      const filter = page === 'health' ? '' : filters[(step * 3 + person) % filters.length];
      const from = addDays(last, -[6, 13, 27][step % 3]!);
      waits.push(await askFor(`${url}/api/${page}?from=${from}&to=${last}${filter}`));
      await sleep(1000);
    }
  };
  await Promise.all(Array.from({ length: people }, (_, person) => visit(person)));
  return waits;
}
