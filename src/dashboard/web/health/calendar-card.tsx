import { Link } from '@tanstack/react-router';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { formatDay, formatDayOfMonth, formatMonth, nameWeekday } from '../format/locale.ts';
import { formatNumber } from '../format/number.ts';
import { keepScope } from '../scope/search.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { listMonths, type MonthOfDays } from './list-months.ts';
import { type ShownStanding, Standing, showStanding, standings } from './standing.tsx';

/** The days of a range as calendars, each with how it stands; a day leads to its page. */
export function CalendarCard({ days, unsettled }: Pick<Answer<'health'>, 'days' | 'unsettled'>) {
  const late = new Set(unsettled);
  const shown = new Map(days.map(({ day, state }) => [day, showStanding(state, late.has(day))]));
  return (
    <Card title="Days" about="How each day stands. A day opens its page.">
      <StandingLegend shown={[...shown.values()]} />
      <div className="months">
        {listMonths([...shown.keys()]).map((month) => (
          <Month key={month.month} {...month} shown={shown} />
        ))}
      </div>
    </Card>
  );
}

function StandingLegend({ shown }: { readonly shown: readonly ShownStanding[] }) {
  const present = Object.keys(standings) as ShownStanding[];
  const counts = present.map((state) => ({ state, count: shown.filter((one) => one === state).length }));
  return (
    <ul className="legend">
      {counts
        .filter(({ count }) => count > 0)
        .map(({ state, count }) => (
          <li key={state} data-state={state}>
            <Standing state={state} />
            <strong>{formatNumber(count, 'count', '')}</strong>
          </li>
        ))}
    </ul>
  );
}

interface MonthProps extends MonthOfDays {
  readonly shown: ReadonlyMap<string, ShownStanding>;
}

function Month({ month, weeks, shown }: MonthProps) {
  return (
    <table className="month">
      <caption>{formatMonth(month)}</caption>
      <thead>
        <tr>
          {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
            <th key={weekday} scope="col">
              {nameWeekday(weekday)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week.find((day) => day !== null) ?? ''}>
            {week.map((day, n) => (
              <td key={nameWeekday(n + 1)}>
                {day === null ? null : <CalendarDay day={day} state={shown.get(day) ?? 'missing'} />}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CalendarDay({ day, state }: { readonly day: string; readonly state: ShownStanding }) {
  const [search] = useSearchState();
  const { label, short, icon: Icon, color } = standings[state];
  return (
    <Link
      className="calendar-day"
      to="/days/$day"
      params={{ day }}
      search={keepScope(search)}
      data-state={state}
    >
      <span aria-hidden>{formatDayOfMonth(day)}</span>
      <Icon size={18} color={color} aria-hidden />
      <span className="calendar-state" aria-hidden>
        {short}
      </span>
      <span className="visually-hidden">
        {formatDay(day)}: {label}
      </span>
    </Link>
  );
}
