import { DatePickerInput } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { useState } from 'react';
import { formatDay } from '../format/locale.ts';

type Ends = [string | null, string | null];

/** Two days of a calendar, the first and the last; both or none. */
export function DaysPicker({ label, placeholder, from, to, least, most, onChange }: DaysPickerProps) {
  const [begun, setBegun] = useState<string | null>(null);
  const ends: Ends = begun === null ? [from ?? null, to ?? null] : [begun, null];
  const pick = ([first, last]: Ends) => {
    setBegun(last === null ? first : null);
    if (first !== null && last !== null) onChange(first, last);
    if (first === null && last === null) onChange(undefined, undefined);
  };
  return (
    <DatePickerInput
      type="range"
      label={label}
      placeholder={placeholder}
      value={ends}
      onChange={pick}
      {...(least === null ? {} : { minDate: least })}
      {...(most === null ? {} : { maxDate: most })}
      {...(most === null ? {} : { defaultDate: most })}
      allowSingleDateInRange
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label}` }}
      valueFormatter={({ date }) =>
        Array.isArray(date)
          ? date.flatMap((day) => (day === null ? [] : [formatDay(String(day))])).join(' – ')
          : ''
      }
      popoverProps={{ withinPortal: true }}
    />
  );
}

/** What a picker is given. */
export interface DaysPickerProps {
  readonly label: string;
  readonly placeholder: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly least: string | null;
  readonly most: string | null;
  readonly onChange: (from: string | undefined, to: string | undefined) => void;
}
