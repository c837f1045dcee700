const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** More digits than any column holds. */
const MOST_DIGITS = 40;
const BIGINT_MIN = -(2n ** 63n);
const BIGINT_MAX = 2n ** 63n - 1n;
const MONEY_DECIMALS = 4;
const MONEY_END = 10n ** 18n;

/** A JSON number as a whole number that fits 64 bits, in canonical digits; null when it is none. `5.0` and `5e0` are 5. */
export function readWhole(text: string): string | null {
  const scaled = scaleDecimal(text, 0);
  if (scaled === null || !scaled.exact) return null;
  return scaled.units < BIGINT_MIN || scaled.units > BIGINT_MAX ? null : String(scaled.units);
}

/** A JSON number as decimal(18,4), rounded half to even from its own digits; null when it does not fit. */
export function readMoney(text: string): string | null {
  const scaled = scaleDecimal(text, MONEY_DECIMALS);
  if (scaled === null || scaled.units >= MONEY_END || scaled.units <= -MONEY_END) return null;
  const sign = scaled.units < 0n ? '-' : '';
  const digits = String(scaled.units)
    .replace('-', '')
    .padStart(MONEY_DECIMALS + 1, '0');
  return `${sign}${digits.slice(0, -MONEY_DECIMALS)}.${digits.slice(-MONEY_DECIMALS)}`;
}

/** A JSON number as the nearest double, minus zero as zero; null when it is beyond all doubles. */
export function readDouble(text: string): string | null {
  const value = Number(text);
  if (!Number.isFinite(value)) return null;
  return value === 0 ? '0' : String(value);
}

/** A number times 10^decimals as a whole one, rounded half to even; null when it has more digits than any column. */
function scaleDecimal(text: string, decimals: number): { units: bigint; exact: boolean } | null {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = PARTS.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return { units: 0n, exact: true };
  const dropped = fraction.length - Number(exponent) - decimals;
  if (digits.length - dropped > MOST_DIGITS) return null;
  if (dropped > digits.length) return { units: 0n, exact: false };
  const kept = dropped > 0 ? digits.slice(0, digits.length - dropped) : digits + '0'.repeat(-dropped);
  const rest = dropped > 0 ? digits.slice(digits.length - dropped) : '';
  const magnitude = BigInt(kept === '' ? '0' : kept) + (roundsUp(kept, rest) ? 1n : 0n);
  return { units: sign === '-' ? -magnitude : magnitude, exact: /^0*$/.test(rest) };
}

function roundsUp(kept: string, rest: string): boolean {
  if (rest === '' || (rest[0] as string) < '5') return false;
  if (/^50*$/.test(rest)) return Number(kept.at(-1) ?? '0') % 2 === 1;
  return true;
}
